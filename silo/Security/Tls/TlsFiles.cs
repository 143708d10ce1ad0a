using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace FlowGrain.Silo.Security.Tls;

/// <summary>The PEM files of one side of TLS connections.</summary>
/// <param name="Section">The section of their settings.</param>
/// <param name="Certificate">The certificate, and after it those between it and its CA.</param>
/// <param name="Key">Its private key.</param>
/// <param name="CaName">What the setting of the CA is called.</param>
/// <param name="Ca">The CA whose certificates the other side must show; null where it need not show one.</param>
/// <param name="IsOfCa">Whether the certificate must be one of that CA itself, since the other side believes no other.</param>
internal sealed record TlsFiles(string Section, string? Certificate, string? Key, string CaName, string? Ca, bool IsOfCa = false)
{
    private SettingFile[] Files => [new($"{Section}:{nameof(Certificate)}", Certificate!), new($"{Section}:{nameof(Key)}", Key!), .. Ca is null ? [] : new SettingFile[] { new($"{Section}:{CaName}", Ca) }];

    /// <summary>What the files say, and say later.</summary>
    /// <exception cref="BadInputException">They cannot be used.</exception>
    internal Renewed<TlsIdentity> Follow(TimeProvider clock, Action<string> refused) => new(Files, Parse, clock, refused);

    /// <summary>What is wrong with them, in sentences.</summary>
    internal IEnumerable<string> Faults()
    {
        string?[] faults = [.. Files.Select(file => file.Path is null ? $"{file.Setting} is not set; {Section} needs a certificate and its key, as PEM files." : SettingFile.Fault(() => file.Read()))];
        if (faults.All(fault => fault is null)) faults = [SettingFile.Fault(() => Parse([.. Files.Select(file => file.Read())]))];
        return faults.OfType<string>();
    }

    private TlsIdentity Parse(byte[][] contents)
    {
        var chain = Certificates(Files[0], contents[0]);
        RequireValid(Files[0], chain[0]);
        var authorities = Ca is null ? null : Certificates(Files[2], contents[2]);
        var identity = new TlsIdentity(WithKey(contents, new X509Certificate2Collection(chain.Skip(1).ToArray())), authorities);
        return !IsOfCa || identity.BelievesItself() ? identity : throw Files[0].Unusable($"is none of the CA in '{Ca}' that is valid now; no silo would talk to this one", "name one that the CA has signed");
    }

    private static X509Certificate2Collection Certificates(SettingFile file, byte[] content)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(Encoding.UTF8.GetString(content));
            return certificates.Count > 0 ? certificates : throw file.Unusable("has no certificate in PEM", "name a file with '-----BEGIN CERTIFICATE-----'");
        }
        catch (CryptographicException)
        {
            throw file.Unusable("has a damaged certificate", "write it again, in PEM");
        }
    }

    private static void RequireValid(SettingFile file, X509Certificate2 certificate)
    {
        var now = TimeProvider.System.GetUtcNow(); // the system's, by which the other side judges it too
        if (certificate.NotAfter.ToUniversalTime() is var end && end <= now) throw file.Unusable($"has a certificate that has expired on {Text(end)}", "have its CA sign a new one");
        if (certificate.NotBefore.ToUniversalTime() is var begin && begin > now) throw file.Unusable($"has a certificate that is not valid before {Text(begin)}", "wait for that, or set the clock of this machine right");
    }

    private static string Text(DateTime time) => time.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static void RequireKey(SettingFile file, string pem)
    {
        if (pem.Contains("ENCRYPTED", StringComparison.Ordinal)) throw file.Unusable("is locked with a passphrase, which nobody types where a silo starts", "write it without one, with 'openssl pkey -in OLD -out NEW', and let nobody else read it");
        if (!pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal)) throw file.Unusable("has no private key in PEM", "name a file with '-----BEGIN PRIVATE KEY-----'");
    }

    private SslStreamCertificateContext WithKey(byte[][] contents, X509Certificate2Collection between)
    {
        RequireKey(Files[1], Encoding.UTF8.GetString(contents[1]));
        try
        {
            return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(contents[0]), Encoding.UTF8.GetString(contents[1])), between, offline: true);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or NotSupportedException)
        {
            throw Files[1].Unusable($"is not the private key of the certificate in '{Certificate}', or is damaged", "name the key that it was made with");
        }
    }
}

/// <summary>What a side shows, and whom it believes.</summary>
/// <param name="Certificate">Its certificate with those between it and its CA.</param>
/// <param name="Authorities">The CAs whose certificates it believes; null where the other side need not show one.</param>
internal sealed record TlsIdentity(SslStreamCertificateContext Certificate, X509Certificate2Collection? Authorities)
{
    /// <summary>Whom it believes: certificates of its CAs and of no other, whatever the system knows, without asking anybody.</summary>
    internal X509ChainPolicy? Trust()
    {
        if (Authorities is null) return null;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(Authorities);
        return policy;
    }

    /// <summary>Whether its own certificate is one that it would believe.</summary>
    internal bool BelievesItself()
    {
        using var chain = new X509Chain { ChainPolicy = Trust() ?? new() };
        chain.ChainPolicy.ExtraStore.AddRange(Certificate.IntermediateCertificates.ToArray());
        return chain.Build(Certificate.TargetCertificate);
    }
}
