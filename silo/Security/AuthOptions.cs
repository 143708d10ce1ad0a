namespace FlowGrain.Silo.Security;

/// <summary>Who may call the API. Bound from the <c>Auth</c> section.</summary>
public sealed record AuthOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Auth";

    /// <summary>Whether the API may be open to the network without keys. Default no.</summary>
    public bool AllowAnonymous { get; init; }

    /// <summary>Who may call the API. Default nobody in particular: on loopback it is open.</summary>
    public ApiKey[] Keys { get; init; } = [];

    /// <summary>A JSON file with more keys, {"keys": [{"name", "sha256", "role"}]}, which is followed when it changes. Default none.</summary>
    public string? KeysFile { get; init; }

    /// <summary>Whose tokens are taken beside keys. Default nobody's.</summary>
    public JwtOptions Jwt { get; init; } = new();

    /// <summary>Whether somebody in particular may call the API, and so nobody else.</summary>
    internal bool IsGuarded => Keys.Length > 0 || KeysFile is not null || Jwt.IsSet;
}

/// <summary>A key of the API; the key itself is nowhere in the settings.</summary>
public sealed record ApiKey
{
    /// <summary>Whose it is: the audit log and the limits go by it, so that no two keys have one name.</summary>
    public string Name { get; init; } = "";

    /// <summary>SHA-256 of the key, as 64 hexadecimal digits.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>What its holder may do. Default viewer.</summary>
    public ApiRole Role { get; init; }

    /// <summary>Whether it says whose it is.</summary>
    internal bool HasName => !string.IsNullOrWhiteSpace(Name);

    /// <summary>Whether its hash is one.</summary>
    internal bool HasHash => Sha256.Length == 64 && Sha256.All(char.IsAsciiHexDigit);
}

/// <summary>What the holder of a key may do.</summary>
public enum ApiRole
{
    /// <summary>Look: every GET.</summary>
    Viewer,

    /// <summary>Everything.</summary>
    Operator,
}

/// <summary>Whose JSON Web Tokens are taken (RFC 7519), and what they must say.</summary>
public sealed record JwtOptions
{
    /// <summary>The OpenID provider, such as https://id.example.org/realms/lab: it says itself which keys it signs with. Default none.</summary>
    public string? Authority { get; init; }

    /// <summary>A file with the public keys that sign, as PEM or JWKS, instead of a provider that is asked. Default none.</summary>
    public string? SigningKeyFile { get; init; }

    /// <summary>What a token's <c>iss</c> must be. Default what the provider says.</summary>
    public string? Issuer { get; init; }

    /// <summary>What a token's <c>aud</c> must have.</summary>
    public string? Audience { get; init; }

    /// <summary>The claim that says <c>viewer</c> or <c>operator</c>. Default role.</summary>
    public string RoleClaim { get; init; } = "role";

    /// <summary>Whether tokens are taken.</summary>
    internal bool IsSet => Authority is not null || SigningKeyFile is not null;
}
