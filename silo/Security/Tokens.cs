using System.Diagnostics;
using System.Security.Claims;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace FlowGrain.Silo.Security;

/// <summary>
/// JSON Web Tokens of an OpenID provider, or of whoever holds the private part of a key in a file. Only signatures by a private key
/// count: a shared secret, or none (RFC 8725, section 3), would let in who knows the public one.
/// </summary>
internal sealed partial class Tokens : IDisposable
{
    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1); // between the clocks of issuer and silo

    private readonly JsonWebTokenHandler _handler = new();
    private readonly JwtOptions _jwt;
    private readonly ILogger<Tokens> _logger;
    private readonly Renewed<SecurityKey[]>? _keys;
    private readonly ConfigurationManager<OpenIdConnectConfiguration>? _provider;

    public Tokens(IOptions<AuthOptions> auth, TimeProvider clock, ILogger<Tokens> logger)
    {
        (_jwt, _logger) = (auth.Value.Jwt, logger);
        if (_jwt.SigningKeyFile is { } path) _keys = new([SigningKeys.At(path)], content => SigningKeys.Parse(SigningKeys.At(path), content[0]), clock, NotTaken);
        if (_jwt.Authority is { } authority)
            _provider = new($"{authority.TrimEnd('/')}/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(), new HttpDocumentRetriever { RequireHttps = !new Uri(authority).IsLoopback });
    }

    /// <summary>Whether tokens are taken.</summary>
    internal bool AreTaken => _jwt.IsSet;

    /// <summary>Whom a token speaks of, and what he may do; or why it is not believed.</summary>
    internal async Task<(Caller? Caller, Refusal? Refusal)> Read(string token, CancellationToken cancellation)
    {
        try
        {
            var read = await _handler.ValidateTokenAsync(token, await Rules(cancellation));
            return read.IsValid ? Holder(read.ClaimsIdentity) : (null, new(StatusCodes.Status401Unauthorized, Sentence(read.Exception)));
        }
        catch (InvalidOperationException) // its documents could not be had
        {
            return (null, new(StatusCodes.Status503ServiceUnavailable, "The provider that signs tokens, Auth:Jwt:Authority, does not answer this silo; ask again, or with a key of the cluster."));
        }
    }

    public void Dispose() => _keys?.Dispose();

    private async Task<TokenValidationParameters> Rules(CancellationToken cancellation)
    {
        var rules = new TokenValidationParameters { ValidAlgorithms = Algorithms, ValidAudience = _jwt.Audience, ValidIssuer = _jwt.Issuer, ClockSkew = Skew, RoleClaimType = _jwt.RoleClaim };
        if (_keys is not null)
        {
            rules.IssuerSigningKeys = _keys.Current;
            rules.TryAllIssuerSigningKeys = true; // a PEM file does not say what a token calls its key
            return rules;
        }

        rules.ConfigurationManager = _provider; // it asks again for a key that is not known
        rules.ValidIssuer ??= (await _provider!.GetConfigurationAsync(cancellation)).Issuer;
        return rules;
    }

    private (Caller, Refusal?) Holder(ClaimsIdentity identity)
    {
        var subject = identity.FindFirst(JwtRegisteredClaimNames.Sub)?.Value ?? identity.FindFirst("client_id")?.Value ?? "without a name";
        var roles = identity.FindAll(_jwt.RoleClaim).Select(claim => claim.Value).ToList();
        ApiRole? role = roles.Contains("operator") ? ApiRole.Operator : roles.Contains("viewer") ? ApiRole.Viewer : null;
        return (Caller.Of(subject, role), role is null ? new(StatusCodes.Status403Forbidden, $"The token has no role of this cluster: its claim '{_jwt.RoleClaim}' must say viewer or operator.") : null);
    }

    private string Sentence(Exception fault) => fault switch
    {
        SecurityTokenExpiredException expired => $"The token expired at {expired.Expires:yyyy-MM-dd'T'HH:mm:ss'Z'}; get a new one.",
        SecurityTokenNotYetValidException early => $"The token is not valid before {early.NotBefore:yyyy-MM-dd'T'HH:mm:ss'Z'}; wait, or correct a clock.",
        SecurityTokenNoExpirationException => "The token never expires; get one that does.",
        SecurityTokenInvalidAudienceException => $"The token is for another service; get one for '{_jwt.Audience}'.",
        SecurityTokenInvalidIssuerException => "The token is of an issuer that this cluster does not know.",
        SecurityTokenInvalidAlgorithmException => "The token is signed in a way that proves nothing here; get one signed with RSA or an elliptic curve.",
        SecurityTokenInvalidSignatureException => "The token's signature is of no key that this cluster knows, or the token was changed.",
        SecurityTokenException or ArgumentException => "The token is not one, or not a whole one, and not a key of this cluster either.",
        _ => throw new UnreachableException("A token was not read.", fault),
    };

    [LoggerMessage(EventId = 4301, Level = LogLevel.Error, Message = "The keys that sign tokens stay as they were: {Fault}")]
    private partial void NotTaken(string fault);
}
