using Microsoft.Extensions.Options;

namespace FlowGrain.Cluster;

/// <summary>The devices of a silo. Bound from the <c>Devices</c> section.</summary>
public sealed record DevicesOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Devices";

    /// <summary>Worker slots on the processor. Default: one a core.</summary>
    public int Cpu { get; init; } = Environment.ProcessorCount;
}

/// <summary>A silo without a slot could hold grains but never train.</summary>
internal sealed class DevicesOptionsRules : IValidateOptions<DevicesOptions>
{
    private const int MostSlots = 4096;

    public ValidateOptionsResult Validate(string? name, DevicesOptions options) => options.Cpu is >= 1 and <= MostSlots
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"Devices:Cpu is {options.Cpu}; it must be from 1 to {MostSlots}.");
}
