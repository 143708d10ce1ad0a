using System.Numerics;
using FlowGrain.Training;

namespace FlowGrain.Bench.Scaling;

/// <summary>Combiners over the shards of a round, k below each, dealt to the silos in turn; above the last stands the root.</summary>
internal sealed class CombinerTree(ScalingSize size, string run, string root, IReadOnlyList<SiloAddress> silos)
{
    private readonly int _rootLevel = BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)size.Shards));

    /// <summary>Messages that a sum takes, one after another, from a worker to the root.</summary>
    internal int Hops => (_rootLevel + size.FanInBits - 1) / size.FanInBits;

    /// <summary>All combiners, by their key.</summary>
    internal IEnumerable<(string Key, CombinerOpening Opening)> All =>
        from hop in Enumerable.Range(1, Hops - 1)
        let level = hop * size.FanInBits
        from index in Enumerable.Range(0, ((size.Shards - 1) >> level) + 1)
        let span = new ShardSpan(level, index)
        select (Key(span), Opening(span));

    /// <summary>Key of the combiner that a stretch of shards is sent to, or null where that is the root.</summary>
    internal string? Above(ShardSpan span)
    {
        var level = (span.Level / size.FanInBits + 1) * size.FanInBits;
        return level < _rootLevel ? Key(new ShardSpan(level, span.Index >> (level - span.Level))) : null;
    }

    private CombinerOpening Opening(ShardSpan span) =>
        new(span, (int)Math.Min(1L << span.Level, size.Shards - span.First), size.Parameters, Above(span), root);

    private string Key(ShardSpan span) => $"{run}/{silos[(span.Index + span.Level / size.FanInBits) % silos.Count].ToParsableString()}/{span.Level}/{span.Index}";
}
