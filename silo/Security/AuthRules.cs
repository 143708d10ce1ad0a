using Microsoft.Extensions.Options;

namespace FlowGrain.Silo.Security;

/// <summary>Keys and tokens that can be checked, or sentences that say what is missing.</summary>
internal sealed class AuthRules : IValidateOptions<AuthOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        string?[] faults =
        [
            .. options.Keys.Index().Select(key => key.Item.HasHash ? null : $"Auth:Keys:{key.Index}:Sha256 must be the SHA-256 of a key, 64 hexadecimal digits, as sha256sum prints it."),
            .. options.Keys.Index().Select(key => NameFault(options.Keys, key.Item, key.Index)),
            options.KeysFile is { } file ? SettingFile.Fault(() => KeysFile.Read(file, options.Keys)) : null,
            .. options.Jwt.IsSet ? Faults(options.Jwt) : options.Jwt == new JwtOptions() ? [] : ["Auth:Jwt says what a token must be and not whose; set Auth:Jwt:Authority or Auth:Jwt:SigningKeyFile."],
        ];
        return faults.OfType<string>().ToList() is { Count: > 0 } found ? ValidateOptionsResult.Fail(found) : ValidateOptionsResult.Success;
    }

    private static string? NameFault(ApiKey[] keys, ApiKey key, int index) =>
        !key.HasName ? $"Auth:Keys:{index}:Name is empty; say whose the key is: the audit log and the limits go by it."
        : keys.Take(index).Any(other => other.Name == key.Name) ? $"Auth:Keys:{index}:Name is '{key.Name}', which another key has; give each a name of its own: the audit log and the limits go by it."
        : null;

    private static IEnumerable<string?> Faults(JwtOptions jwt) =>
    [
        jwt is { Authority: not null, SigningKeyFile: not null } ? "Auth:Jwt has both Authority and SigningKeyFile; leave out the one that does not sign." : null,
        string.IsNullOrEmpty(jwt.Audience) ? "Auth:Jwt:Audience is not set, and tokens for other services would get in; set what the tokens' aud says." : null,
        jwt.SigningKeyFile is not null && string.IsNullOrEmpty(jwt.Issuer) ? "Auth:Jwt:Issuer is not set; set what the tokens' iss says." : null,
        string.IsNullOrEmpty(jwt.RoleClaim) ? "Auth:Jwt:RoleClaim must name the claim that says viewer or operator." : null,
        jwt.Authority is { } authority && !IsSafe(authority) ? $"Auth:Jwt:Authority is '{authority}'; it must be an https URL such as https://id.example.org, or http on loopback." : null,
        jwt.SigningKeyFile is { } file ? SettingFile.Fault(() => SigningKeys.Read(file)) : null,
    ];

    private static bool IsSafe(string authority) => Uri.TryCreate(authority, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));
}
