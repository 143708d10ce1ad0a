using System.Net;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo;

/// <summary>Which cluster the silo belongs to. Bound from the <c>Cluster</c> section.</summary>
public sealed record ClusterOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Cluster";

    /// <summary>How silos find each other: <c>local</c> is this process alone, <c>redis</c> a cluster. Default local.</summary>
    public string Provider { get; init; } = "local";

    /// <summary>Where Redis is, such as <c>127.0.0.1:6379</c>, with options as StackExchange.Redis reads them.</summary>
    public string ConnectionString { get; init; } = "";

    /// <summary>Whether silos find each other in Redis, and it is said where that is.</summary>
    internal bool IsRedis => Provider == "redis" && ConnectionString != "";

    /// <summary>Name of the cluster. Default flowgrain.</summary>
    public string Id { get; init; } = "flowgrain";
}

/// <summary>Where other silos and Orleans clients reach this one. Bound from the <c>Silo</c> section.</summary>
public sealed record SiloOptions
{
    private static readonly IPAddress[] Nowhere = [IPAddress.Any, IPAddress.IPv6Any, IPAddress.None]; // Orleans throws on them

    /// <summary>The section's name.</summary>
    public const string Section = "Silo";

    /// <summary>The IP address that it listens on and that other silos reach. Default 127.0.0.1.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>The address, where it is one that others can reach.</summary>
    internal IPAddress? IPAddress => IPAddress.TryParse(Address, out var address) && !Nowhere.Contains(address) ? address : null;

    /// <summary>Port between silos. Default 11111.</summary>
    public int Port { get; init; } = 11111;

    /// <summary>Port for Orleans clients. Default 30000.</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>Whether silos may talk in plain text off loopback. Default no.</summary>
    public bool AllowPlaintext { get; init; }
}

/// <summary>The API. Bound from the <c>Http</c> section.</summary>
public sealed record HttpOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Http";

    /// <summary>Addresses of the API, separated by semicolons. Default http://127.0.0.1:8080.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:8080";

    /// <summary>Addresses of gRPC without TLS, separated by semicolons, such as http://127.0.0.1:8081: a connection that is not encrypted cannot tell HTTP/1 from HTTP/2. Default none; https addresses of Urls speak both.</summary>
    public string GrpcUrls { get; init; } = "";

    /// <summary>All of them, one by one.</summary>
    internal string[] Addresses => [.. Parts(Urls), .. GrpcAddresses];

    /// <summary>Those that speak gRPC alone.</summary>
    internal string[] GrpcAddresses => Parts(GrpcUrls);

    private static string[] Parts(string urls) => urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>Who may call the API. Bound from the <c>Auth</c> section.</summary>
public sealed record AuthOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Auth";

    /// <summary>Whether the API may be open to the network without keys. Default no.</summary>
    public bool AllowAnonymous { get; init; }

    /// <summary>Who may call the API. Default nobody in particular: on loopback it is open.</summary>
    public ApiKey[] Keys { get; init; } = [];
}

/// <summary>A key of the API; the key itself is nowhere in the settings.</summary>
public sealed record ApiKey
{
    /// <summary>Whose it is.</summary>
    public string Name { get; init; } = "";

    /// <summary>SHA-256 of the key, as 64 hexadecimal digits.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>What its holder may do. Default viewer.</summary>
    public ApiRole Role { get; init; }
}

/// <summary>What the holder of a key may do.</summary>
public enum ApiRole
{
    /// <summary>Look: every GET.</summary>
    Viewer,

    /// <summary>Everything.</summary>
    Operator,
}

/// <summary>Where telemetry goes. Bound from the <c>Otlp</c> section.</summary>
public sealed record OtlpOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Otlp";

    /// <summary>An OTLP collector such as http://127.0.0.1:4317; null exports nothing.</summary>
    public Uri? Endpoint { get; init; }
}

/// <summary>Ranges, in sentences that name a setting as its user types it; the generated validators would name the property.</summary>
internal sealed class SiloRanges : IValidateOptions<ClusterOptions>, IValidateOptions<SiloOptions>, IValidateOptions<AuthOptions>
{
    public ValidateOptionsResult Validate(string? name, ClusterOptions options) => Result(
        options.Provider is "local" or "redis" ? null : $"Cluster:Provider is '{options.Provider}'; it must be 'local' or 'redis'.",
        options is { Provider: "redis", ConnectionString: "" } ? "Cluster:Provider is 'redis', so Cluster:ConnectionString must say where it is, such as 127.0.0.1:6379." : null,
        string.IsNullOrWhiteSpace(options.Id) ? "Cluster:Id must not be empty." : null);

    public ValidateOptionsResult Validate(string? name, SiloOptions options) =>
        Result(Port("Silo:Port", options.Port), Port("Silo:GatewayPort", options.GatewayPort));

    public ValidateOptionsResult Validate(string? name, AuthOptions options) => Result([.. options.Keys.Index().Select(key =>
        key.Item.Sha256.Length == 64 && key.Item.Sha256.All(char.IsAsciiHexDigit) ? null : $"Auth:Keys:{key.Index}:Sha256 must be the SHA-256 of a key, 64 hexadecimal digits, as sha256sum prints it.")]);

    private static string? Port(string setting, int port) => port is >= 1 and <= 65535 ? null : $"{setting} is {port}; it must be from 1 to 65535.";

    private static ValidateOptionsResult Result(params string?[] faults) =>
        faults.All(fault => fault is null) ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults.OfType<string>());
}

/// <summary>Nobody gets in by default: what listens off loopback needs a word of its operator.</summary>
internal sealed class ExposureRules(IOptions<AuthOptions> auth) : IValidateOptions<SiloOptions>, IValidateOptions<HttpOptions>
{
    public ValidateOptionsResult Validate(string? name, SiloOptions options)
    {
        if (options.IPAddress is not { } address)
            return ValidateOptionsResult.Fail($"Silo:Address is '{options.Address}'; it must be an IP address of this machine, the one that other silos reach.");
        return IPAddress.IsLoopback(address) || options.AllowPlaintext
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Silo:Address is {options.Address}, off loopback, and silos would talk in plain text; set Silo:AllowPlaintext=true on a network that you trust.");
    }

    public ValidateOptionsResult Validate(string? name, HttpOptions options)
    {
        var faults = options.Addresses.Select(Fault).OfType<string>().ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private string? Fault(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri)) return $"Http:Urls has '{url}', which is not a URL such as http://127.0.0.1:8080.";
        return uri.IsLoopback || auth.Value.AllowAnonymous || auth.Value.Keys.Length > 0
            ? null
            : $"Http:Urls has {url}, open to the network without keys; listen on 127.0.0.1, configure Auth:Keys, or set Auth:AllowAnonymous=true if everyone may call it.";
    }
}
