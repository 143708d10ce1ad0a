using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace FlowGrain.Cluster;

/// <summary>The devices of a silo. Bound from the <c>Devices</c> section.</summary>
public sealed record DevicesOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Devices";

    /// <summary>Worker slots on the processor. Default: one a core.</summary>
    [Range(1, 4096, ErrorMessage = "Devices:Cpu must be between 1 and 4096.")]
    public int Cpu { get; init; } = Environment.ProcessorCount;
}

/// <summary>Ranges come from the attributes.</summary>
[OptionsValidator]
internal sealed partial class DevicesOptionsRanges : IValidateOptions<DevicesOptions>;
