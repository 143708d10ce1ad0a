using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlowGrain.Tests.Silo.Security;

/// <summary>A certificate authority of a test, which writes what it signs as PEM files into a folder.</summary>
internal sealed class TestCa : IDisposable
{
    private readonly X509Certificate2 _certificate;
    private readonly string _folder;

    internal TestCa(string folder, string name = "ca")
    {
        _folder = folder;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        _certificate = request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(2));
        Path = Write($"{name}.pem", _certificate.ExportCertificatePem());
    }

    /// <summary>Its own certificate.</summary>
    internal string Path { get; }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Signs a certificate for this machine, and a key of its own; what had the name before is replaced, as its owner would.</summary>
    internal (string Certificate, string Key) Sign(string name, int days = 1)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var serial = RandomNumberGenerator.GetBytes(8);
        using var signed = request.Create(_certificate, Now.AddDays(-1), Now.AddDays(days), serial);
        return (Write($"{name}.crt", signed.ExportCertificatePem()), Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()));
    }

    /// <summary>A client that believes this authority and no other.</summary>
    internal HttpClientHandler Believer() => new()
    {
        ServerCertificateCustomValidationCallback = (_, certificate, _, _) =>
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.CustomTrustStore.Add(_certificate);
            return chain.Build(certificate!);
        },
    };

    public void Dispose() => _certificate.Dispose();

    private string Write(string name, string pem)
    {
        var path = System.IO.Path.Combine(_folder, name);
        File.WriteAllText($"{path}.new", pem);
        File.Move($"{path}.new", path, overwrite: true);
        return path;
    }
}
