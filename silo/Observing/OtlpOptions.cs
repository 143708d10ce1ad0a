using Microsoft.Extensions.Options;

namespace FlowGrain.Silo.Observing;

/// <summary>Where traces, metrics and logs go. Bound from the <c>Otlp</c> section.</summary>
public sealed record OtlpOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Otlp";

    /// <summary>An OTLP collector such as http://127.0.0.1:4317; null exports nothing.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>How it is spoken to: <c>grpc</c>, or <c>http/protobuf</c>, which is posted to v1/traces, v1/metrics and v1/logs below the endpoint. Default grpc.</summary>
    public string Protocol { get; init; } = "grpc";

    /// <summary>Headers of every request, such as a key: <c>name=value</c>, several with commas between. Default none.</summary>
    public string Headers { get; init; } = "";

    /// <summary>Whether it is spoken to in plain HTTP.</summary>
    internal bool IsHttp => Protocol == "http/protobuf";

    /// <summary>The address of one signal.</summary>
    internal Uri Of(string signal) => IsHttp ? new Uri($"{Endpoint!.AbsoluteUri.TrimEnd('/')}/v1/{signal}") : Endpoint!;
}

/// <summary>Ranges, in sentences that name a setting as its user types it.</summary>
internal sealed class OtlpRules : IValidateOptions<OtlpOptions>
{
    public ValidateOptionsResult Validate(string? name, OtlpOptions options)
    {
        string?[] faults =
        [
            options.Endpoint is null or { IsAbsoluteUri: true, Scheme: "http" or "https" } ? null : "Otlp:Endpoint must be a URL such as http://127.0.0.1:4317.",
            options.Protocol is "grpc" or "http/protobuf" ? null : $"Otlp:Protocol is '{options.Protocol}'; it must be 'grpc' or 'http/protobuf'.",
            options.Headers.Split(',', StringSplitOptions.RemoveEmptyEntries).All(header => header.IndexOf('=') > 0) ? null : "Otlp:Headers must be name=value, several with commas between.", // the value may be a secret
        ];
        return faults.OfType<string>().ToList() is { Count: > 0 } found ? ValidateOptionsResult.Fail(found) : ValidateOptionsResult.Success;
    }
}
