using System.Collections.Immutable;
using FlowGrain.Training;

namespace FlowGrain.Cluster;

/// <summary>One silo, asked on that silo itself. Key: silo/address, the address as Orleans writes it to be parsed.</summary>
[Alias("flowgrain.cluster.ISiloGrain")]
public interface ISiloGrain : IGrainWithStringKey
{
    /// <summary>Its slots, its version, and what it computes in. Cheap after the first call, which may load libtorch.</summary>
    [Alias("Describe")]
    Task<SiloDescription> Describe();

    /// <summary>Hears that another silo is about to end: this one places nothing that lasts there any more. Repeating it does nothing.</summary>
    [Alias("Leaves")]
    Task Leaves(string silo);

    /// <summary>What it did of the rounds of a run that were traced last; bounded.</summary>
    [Alias("Spans")]
    Task<ImmutableArray<FinishedSpan>> Spans(string run);
}
