using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlowGrain.Silo.Security.Tls;

namespace FlowGrain.Bench;

/// <summary>A certificate of a new authority, as the PEM files that silos take.</summary>
internal static class TlsCertificates
{
    /// <summary>Makes them in a folder.</summary>
    internal static SiloTlsOptions In(string folder)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=bench", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        using var signer = authority.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signed = new CertificateRequest("CN=silo", key, HashAlgorithmName.SHA256).Create(signer, now.AddDays(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        return new SiloTlsOptions
        {
            Certificate = Write("silo.crt", signed.ExportCertificatePem()), Key = Write("silo.key", key.ExportPkcs8PrivateKeyPem()), Ca = Write("ca.pem", signer.ExportCertificatePem()),
        };

        string Write(string name, string pem)
        {
            var path = Path.Combine(folder, name);
            File.WriteAllText(path, pem);
            return path;
        }
    }
}
