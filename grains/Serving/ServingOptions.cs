using Microsoft.Extensions.Options;

namespace FlowGrain.Serving;

/// <summary>How models answer many clients at once. Bound from the <c>Serving</c> section.</summary>
public sealed record ServingOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Serving";

    /// <summary>Most rows that are computed together; 1 computes every request by itself. Default 4096.</summary>
    public int BatchRows { get; init; } = 4096;

    /// <summary>How long a request waits for others to be computed with, while a slot is free for it. Default not at all: what comes while a slot computes is its next batch.</summary>
    public TimeSpan BatchDelay { get; init; }

    /// <summary>Most rows that wait for one model on this silo; further requests are refused until there is room. Default 262144.</summary>
    public int QueueRows { get; init; } = 1 << 18;

    /// <summary>Most rows of one request. Default 65536.</summary>
    public int RequestRows { get; init; } = 1 << 16;

    /// <summary>Most versions of models in this silo's memory; one that was not asked for lately is loaded again when it is, and those that aliases name are the last to leave. Default 8.</summary>
    public int Models { get; init; } = 8;

    /// <summary>Most bytes of the bodies of requests that are answered at the same time; further ones are refused. Default 128 MiB.</summary>
    public long BodyBytes { get; init; } = 1 << 27;
}

/// <summary>What the settings may be.</summary>
internal sealed class ServingOptionsRules : IValidateOptions<ServingOptions>
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    public ValidateOptionsResult Validate(string? name, ServingOptions options) => ((string?[])
    [
        AtLeastOne(nameof(options.BatchRows), options.BatchRows),
        AtLeastOne(nameof(options.QueueRows), options.QueueRows),
        AtLeastOne(nameof(options.RequestRows), options.RequestRows),
        AtLeastOne(nameof(options.BodyBytes), options.BodyBytes),
        AtLeastOne(nameof(options.Models), options.Models),
        options.BatchDelay < TimeSpan.Zero || options.BatchDelay > LongestDelay ? $"Serving:BatchDelay is {options.BatchDelay}; it must be from 00:00:00 to 00:00:01." : null,
    ]).OfType<string>().ToList() is [_, ..] faults
        ? ValidateOptionsResult.Fail(faults)
        : ValidateOptionsResult.Success;

    private static string? AtLeastOne(string setting, long value) => value >= 1 ? null : $"Serving:{setting} is {value}; it must be 1 or more.";
}
