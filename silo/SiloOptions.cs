using System.Net;
using FlowGrain.Silo.Security.Tls;
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

    /// <summary>Certificates with which silos talk in TLS. Default none.</summary>
    public SiloTlsOptions Tls { get; init; } = new();
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
    internal string[] Addresses => [.. ApiAddresses, .. GrpcAddresses];

    /// <summary>Those of the API.</summary>
    internal string[] ApiAddresses => Parts(Urls);

    /// <summary>Those that speak gRPC alone.</summary>
    internal string[] GrpcAddresses => Parts(GrpcUrls);

    private static string[] Parts(string urls) => urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The certificate of https addresses. Default none.</summary>
    public HttpTlsOptions Tls { get; init; } = new();

    /// <summary>Whether one of its addresses is https.</summary>
    internal bool HasHttps => Addresses.Any(address => address.StartsWith("https:", StringComparison.OrdinalIgnoreCase));
}

/// <summary>Ranges, in sentences that name a setting as its user types it; the generated validators would name the property.</summary>
internal sealed class SiloRanges : IValidateOptions<ClusterOptions>, IValidateOptions<SiloOptions>
{
    public ValidateOptionsResult Validate(string? name, ClusterOptions options) => Result(
        options.Provider is "local" or "redis" ? null : $"Cluster:Provider is '{options.Provider}'; it must be 'local' or 'redis'.",
        options is { Provider: "redis", ConnectionString: "" } ? "Cluster:Provider is 'redis', so Cluster:ConnectionString must say where it is, such as 127.0.0.1:6379." : null,
        string.IsNullOrWhiteSpace(options.Id) ? "Cluster:Id must not be empty." : null);

    public ValidateOptionsResult Validate(string? name, SiloOptions options) =>
        Result(Port("Silo:Port", options.Port), Port("Silo:GatewayPort", options.GatewayPort));

    private static string? Port(string setting, int port) => port is >= 1 and <= 65535 ? null : $"{setting} is {port}; it must be from 1 to 65535.";

    private static ValidateOptionsResult Result(params string?[] faults) =>
        faults.All(fault => fault is null) ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults.OfType<string>());
}
