namespace FlowGrain.Training;

/// <summary>
/// An aligned stretch of shards, which is a node of the reduction tree: the 2^Level shards from Index·2^Level on, as far as
/// there are so many. Any two are nested or disjoint, and the sum of one depends on its shards alone.
/// </summary>
/// <param name="Level">0 for a single shard.</param>
/// <param name="Index">Its place among the nodes of its level.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.ShardSpan")]
public readonly record struct ShardSpan([property: Id(0)] int Level, [property: Id(1)] int Index)
{
    /// <summary>Its first shard.</summary>
    public long First => (long)Index << Level;

    /// <summary>The node that it is added to.</summary>
    public ShardSpan Sibling => this with { Index = Index ^ 1 };

    /// <summary>Their sum.</summary>
    public ShardSpan Parent => new(Level + 1, Index >> 1);

    /// <summary>A single shard.</summary>
    public static ShardSpan Of(int shard) => new(0, shard);

    /// <summary>Whether all shards of the other are in this one.</summary>
    public bool Contains(ShardSpan other) => other.Level <= Level && other.Index >> (Level - other.Level) == Index;
}
