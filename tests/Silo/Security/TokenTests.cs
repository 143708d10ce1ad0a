using System.Security.Cryptography;
using System.Text;
using FlowGrain.Silo.Security;
using FlowGrain.Tests.Silo.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FlowGrain.Tests.Silo.Security;

/// <summary>JSON Web Tokens beside keys.</summary>
public sealed class TokenTests : IDisposable
{
    private const string Issuer = "https://id.example.org";

    private readonly TempFolder _folder = new();
    private readonly RSA _rsa = RSA.Create(2048);

    public void Dispose()
    {
        _rsa.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("viewer", "GET", 200, "in")]
    [InlineData("operator", "DELETE", 200, "in")]
    [InlineData("viewer", "DELETE", 403, "The token sub may look and not change")]
    [InlineData("admin", "GET", 403, "its claim 'role' must say viewer or operator")]
    [InlineData("", "GET", 403, "its claim 'role' must say viewer or operator")]
    public async Task A_token_may_what_its_role_says(string role, string method, int status, string words)
    {
        await using var host = await Host(_folder.Write("key.pem", _rsa.ExportSubjectPublicKeyInfoPem()));
        var answer = await host.Ask(Token(role: role), method: method);
        Assert.Equal(status, answer.Status);
        Assert.Contains(words, answer.Text);
    }

    [Fact]
    public async Task A_token_that_proves_nothing_is_refused_with_a_sentence_and_keys_go_on_working()
    {
        await using var host = await Host(_folder.Write("key.pem", _rsa.ExportSubjectPublicKeyInfoPem()), "Auth:Keys:0:Name=ada", $"Auth:Keys:0:Sha256={OneSilo.Sha256("look")}");
        using var other = RSA.Create(2048);
        var good = Token();
        var publicKey = Encoding.UTF8.GetBytes(_rsa.ExportSubjectPublicKeyInfoPem());
        Assert.Equal((200, 200), ((await host.Ask("look")).Status, (await host.Ask(good)).Status));
        await Refused(host, Token(expires: TimeSpan.FromMinutes(-10)), "The token expired at ");
        await Refused(host, Token(audience: "other"), "The token is for another service; get one for 'flowgrain'.");
        await Refused(host, Token(issuer: "https://evil.example"), "of an issuer that this cluster does not know");
        await Refused(host, Token(key: new RsaSecurityKey(other)), "The token's signature is of no key that this cluster knows");
        await Refused(host, Tampered(good), "or the token was changed");
        await Refused(host, Unsigned(good), "The token");
        await Refused(host, Token(key: new SymmetricSecurityKey(publicKey), algorithm: SecurityAlgorithms.HmacSha256), "The token"); // the public key as a shared secret
        await Refused(host, "a.b.c", "The token is not one");
        await Refused(host, "nonsense", "The token is not one");
    }

    [Fact]
    public async Task Keys_of_a_set_on_an_elliptic_curve_sign_too_and_a_renewed_file_is_followed()
    {
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = _folder.Write("jwks.json", Jwks(new ECDsaSecurityKey(curve)));
        await using var host = await Host(file);
        Assert.Equal(200, (await host.Ask(Token(key: new ECDsaSecurityKey(curve), algorithm: SecurityAlgorithms.EcdsaSha256))).Status);
        Assert.Equal(401, (await host.Ask(Token())).Status);
        _folder.Write("jwks.json", Jwks(new RsaSecurityKey(_rsa)));
        host.Look();
        Assert.Equal(200, (await host.Ask(Token())).Status);
    }

    [Fact]
    public async Task A_provider_is_asked_for_its_keys_and_one_that_is_away_is_named()
    {
        var authority = $"http://127.0.0.1:{Cluster.Ports.Free()}";
        await using var host = await GuardedHost.Start([$"Auth:Jwt:Authority={authority}", "Auth:Jwt:Audience=flowgrain"]);
        var away = await host.Ask(Token(issuer: authority));
        Assert.Equal(503, away.Status);
        Assert.Contains("The provider that signs tokens, Auth:Jwt:Authority, does not answer this silo", away.Text);

        await using var provider = await Provider(authority);
        Assert.Equal(200, (await host.Ask(Token(issuer: authority))).Status);
        Assert.Equal(401, (await host.Ask(Token(issuer: Issuer))).Status);
    }

    [Fact]
    public async Task A_claim_of_another_name_may_say_the_role()
    {
        await using var host = await Host(_folder.Write("key.pem", _rsa.ExportSubjectPublicKeyInfoPem()), "Auth:Jwt:RoleClaim=roles");
        Assert.Equal(200, (await host.Ask(Token(claims: new() { ["roles"] = new[] { "someone", "operator" } }), method: "DELETE")).Status);
        Assert.Equal(403, (await host.Ask(Token(role: "operator"))).Status);
    }

    [Theory]
    [InlineData("nonsense", "has no key")]
    [InlineData("{", "is neither PEM nor JWKS")]
    [InlineData("""{"keys":3}""", "is neither PEM nor JWKS")]
    [InlineData("""{"keys":[{"kty":"oct","k":"AAAA"}]}""", "has a secret key, and who can read it could sign")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "is neither PEM nor JWKS")]
    public void A_file_without_public_keys_is_refused_in_a_sentence(string content, string words) =>
        Assert.Contains($"Auth:Jwt:SigningKeyFile is '{_folder.In("keys")}', which {words}", Assert.Throws<BadInputException>(() => SigningKeys.Read(_folder.Write("keys", content))).Message);

    [Fact]
    public void A_private_key_is_no_signing_key_of_others() =>
        Assert.Contains("has a secret key", Assert.Throws<BadInputException>(() => SigningKeys.Read(_folder.Write("key.pem", _rsa.ExportPkcs8PrivateKeyPem()))).Message);

    private Task<GuardedHost> Host(string file, params string[] more) =>
        GuardedHost.Start([$"Auth:Jwt:SigningKeyFile={file}", $"Auth:Jwt:Issuer={Issuer}", "Auth:Jwt:Audience=flowgrain", .. more]);

    private async Task<WebApplication> Provider(string authority)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().UseUrls(authority);
        var provider = builder.Build();
        provider.MapGet("/.well-known/openid-configuration", () => TypedResults.Text($$"""{"issuer":"{{authority}}","jwks_uri":"{{authority}}/keys"}""", "application/json"));
        provider.MapGet("/keys", () => TypedResults.Text(Jwks(new RsaSecurityKey(_rsa)), "application/json"));
        await provider.StartAsync(TestContext.Current.CancellationToken);
        return provider;
    }

    private static async Task Refused(GuardedHost host, string token, string words)
    {
        var answer = await host.Ask(token);
        Assert.Equal(401, answer.Status);
        Assert.Contains(words, answer.Text.Replace("\\u0027", "'", StringComparison.Ordinal));
    }

    private string Token(string? role = "viewer", string audience = "flowgrain", string issuer = Issuer, TimeSpan? expires = null, SecurityKey? key = null, string algorithm = SecurityAlgorithms.RsaSha256, Dictionary<string, object>? claims = null)
    {
        var expiry = TimeProvider.System.GetUtcNow().UtcDateTime + (expires ?? TimeSpan.FromMinutes(5));
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Audience = audience,
            Issuer = issuer,
            IssuedAt = expiry.AddHours(-1),
            NotBefore = expiry.AddHours(-1),
            Expires = expiry,
            Claims = claims ?? new() { ["sub"] = "sub", ["role"] = role! },
            SigningCredentials = new(key ?? new RsaSecurityKey(_rsa), algorithm),
        });
    }

    private static string Tampered(string token) => token.Split('.') is [var header, var body, var signature]
        ? $"{header}.{Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(body).Replace("viewer", "operator", StringComparison.Ordinal))}.{signature}" : "";

    private static string Unsigned(string token) => $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{token.Split('.')[1]}.";

    private static string Jwks(SecurityKey key)
    {
        var jwk = JsonWebKeyConverter.ConvertFromSecurityKey(key);
        return jwk.Kty == "RSA" ? $$"""{"keys":[{"kty":"RSA","n":"{{jwk.N}}","e":"{{jwk.E}}"}]}""" : $$"""{"keys":[{"kty":"EC","crv":"{{jwk.Crv}}","x":"{{jwk.X}}","y":"{{jwk.Y}}"}]}""";
    }
}
