using Microsoft.Extensions.Options;

namespace FlowGrain.Silo.Security;

/// <summary>How often one caller may ask. Bound from the <c>Limits</c> section.</summary>
public sealed record LimitsOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Limits";

    /// <summary>Requests that a caller may send each second for long. Default 0, which is no limit.</summary>
    public int RequestsPerSecond { get; init; }

    /// <summary>Requests that a caller who was silent may send at once. Default as many as <see cref="RequestsPerSecond"/>.</summary>
    public int? Burst { get; init; }
}

/// <summary>Limits that let somebody in.</summary>
internal sealed class LimitsRules : IValidateOptions<LimitsOptions>
{
    private const int Most = 1_000_000;

    public ValidateOptionsResult Validate(string? name, LimitsOptions options)
    {
        string?[] faults =
        [
            options.RequestsPerSecond is >= 0 and <= Most ? null : $"Limits:RequestsPerSecond is {options.RequestsPerSecond}; it must be from 0, no limit, to {Most}.",
            options.Burst is null or (>= 1 and <= Most) ? null : $"Limits:Burst is {options.Burst}; it must be from 1 to {Most}.",
            options is { Burst: not null, RequestsPerSecond: 0 } ? "Limits:Burst is set without Limits:RequestsPerSecond; set both, or neither for no limit." : null,
        ];
        return faults.OfType<string>().ToList() is { Count: > 0 } found ? ValidateOptionsResult.Fail(found) : ValidateOptionsResult.Success;
    }
}
