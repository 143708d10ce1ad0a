using Microsoft.Extensions.Options;

namespace FlowGrain.Cluster;

/// <summary>The devices of a silo. Bound from the <c>Devices</c> section.</summary>
public sealed record DevicesOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Devices";

    /// <summary>Worker slots on the processor. Default: one a core.</summary>
    public int Cpu { get; init; } = Environment.ProcessorCount;

    /// <summary>Worker slots on CUDA devices. Default: all there are, which in a build without CUDA are none.</summary>
    public int? Cuda { get; init; }
}

/// <summary>A silo without a slot could hold grains but never train.</summary>
internal sealed class DevicesOptionsRules : IValidateOptions<DevicesOptions>
{
    private const int MostSlots = 4096;

    public ValidateOptionsResult Validate(string? name, DevicesOptions options) => (options.Cpu, options.Cuda) switch
    {
        ( < 1 or > MostSlots, _) => ValidateOptionsResult.Fail($"Devices:Cpu is {options.Cpu}; it must be from 1 to {MostSlots}."),
        (_, < 0) => ValidateOptionsResult.Fail($"Devices:Cuda is {options.Cuda}; it must be 0 or more."),
        (_, > 0) => ValidateOptionsResult.Fail($"Devices:Cuda is {options.Cuda}, and this build of FlowGrain computes on processors alone; leave it out."),
        _ => ValidateOptionsResult.Success,
    };
}
