using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace FlowGrain.Silo.Security;

/// <summary>Public keys that sign tokens, from a PEM file (public keys or certificates) or a JSON Web Key Set (RFC 7517).</summary>
internal static class SigningKeys
{
    /// <summary>The file of the setting.</summary>
    internal static SettingFile At(string path) => new("Auth:Jwt:SigningKeyFile", path);

    /// <summary>Reads the keys.</summary>
    /// <exception cref="BadInputException">There are none, or they are no public keys of RSA or an elliptic curve.</exception>
    internal static SecurityKey[] Read(string path) => Parse(At(path), At(path).Read());

    /// <summary>The keys of its content.</summary>
    /// <exception cref="BadInputException">There are none, or they are no public keys of RSA or an elliptic curve.</exception>
    internal static SecurityKey[] Parse(SettingFile file, byte[] content)
    {
        var text = Encoding.UTF8.GetString(content).Trim();
        try
        {
            SecurityKey[] keys = text.StartsWith('{') ? [.. JsonWebKeySet.Create(text).Keys] : [.. Pem(file, text)];
            if (keys.OfType<JsonWebKey>().Any(key => key.HasPrivateKey || key.Kty == JsonWebAlgorithmsKeyTypes.Octet)) throw Secret(file);
            return keys.Length > 0 ? keys : throw file.Unusable("has no key", "write public keys into it, as PEM or JWKS");
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or JsonException)
        {
            throw file.Unusable("is neither PEM nor JWKS", "write public keys of RSA or an elliptic curve into it");
        }
    }

    private static IEnumerable<SecurityKey> Pem(SettingFile file, string text)
    {
        while (PemEncoding.TryFind(text, out var found))
        {
            yield return Key(file, text[found.Label], text[found.Location]);
            text = text[found.Location.End..];
        }
    }

    private static SecurityKey Key(SettingFile file, string label, string pem)
    {
        if (label.Contains("PRIVATE", StringComparison.Ordinal)) throw Secret(file);
        if (label == "CERTIFICATE") return new X509SecurityKey(X509Certificate2.CreateFromPem(pem));
        return TryRsa(pem) is { } rsa ? rsa : new ECDsaSecurityKey(Imported(ECDsa.Create(), pem));
    }

    private static RsaSecurityKey? TryRsa(string pem)
    {
        try
        {
            return new RsaSecurityKey(Imported(RSA.Create(), pem));
        }
        catch (CryptographicException)
        {
            return null; // of another algorithm; a label does not say which
        }
    }

    private static TKey Imported<TKey>(TKey key, string pem)
        where TKey : AsymmetricAlgorithm
    {
        key.ImportFromPem(pem);
        return key;
    }

    private static BadInputException Secret(SettingFile file) => file.Unusable("has a secret key, and who can read it could sign", "leave the public ones in it alone");
}
