using FlowGrain.Training;

namespace FlowGrain.Bench.Scaling;

/// <summary>A node of a tree of combiners: adds what its children send and passes the sum on once it is whole. Key: run/silo/level/index.</summary>
[Alias("flowgrain.bench.ICombinerGrain")]
public interface ICombinerGrain : IGrainWithStringKey
{
    /// <summary>Says what it waits for.</summary>
    [Alias("Open")]
    Task Open(CombinerOpening opening);

    /// <summary>Adds a sum; with the last one, returns when the parent has the whole.</summary>
    [Alias("Submit")]
    Task Submit(PartialSum sum);
}

/// <summary>What a combiner waits for.</summary>
/// <param name="Span">The shards that it adds.</param>
/// <param name="Shards">How many these are.</param>
/// <param name="Length">Numbers of a sum.</param>
/// <param name="Parent">Key of the combiner to pass the sum on to; null for the root.</param>
/// <param name="Root">Key of the root.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.bench.CombinerOpening")]
public sealed record CombinerOpening(
    [property: Id(0)] ShardSpan Span,
    [property: Id(1)] int Shards,
    [property: Id(2)] int Length,
    [property: Id(3)] string? Parent,
    [property: Id(4)] string Root);
