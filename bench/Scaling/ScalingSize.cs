using System.Numerics;
using FlowGrain.Training;

namespace FlowGrain.Bench.Scaling;

/// <summary>How large a round is. The letters are those of docs/scaling.md.</summary>
/// <param name="Workers">W logical workers, dealt evenly to the silos.</param>
internal sealed record ScalingSize(int Workers)
{
    /// <summary>S shards: the power of two from W on, so that each silo's share is one node of the reduction tree.</summary>
    internal int Shards { get; init; } = (int)BitOperations.RoundUpToPowerOf2((uint)Workers);

    /// <summary>D parameters.</summary>
    internal int Parameters { get; init; } = 16 * 4096; // ranges are cut at multiples of 4,096, so these are equal

    /// <summary>N silos.</summary>
    internal int Silos { get; init; } = 4;

    /// <summary>A ranges, one aggregator each.</summary>
    internal int Ranges { get; init; } = 4;

    /// <summary>log₂ k of the tree: a combiner waits for k = 16.</summary>
    internal int FanInBits { get; init; } = 4;

    /// <summary>k.</summary>
    internal int FanIn => 1 << FanInBits;

    /// <summary>B = 4D bytes.</summary>
    internal double Bytes => 4.0 * Parameters;

    /// <summary>The workers of a silo. The first of them have two neighbouring shards, the others one.</summary>
    internal IEnumerable<LogicalWorker> WorkersOf(int silo, string run, string address)
    {
        var (shard, end) = Share(Shards, silo);
        var (first, after) = Share(Workers, silo);
        for (var worker = first; worker < after; worker++)
        {
            var shards = end - shard > after - worker ? 2 : 1;
            yield return new LogicalWorker(new WorkerKey(run, address, worker - first), shard, shards);
            shard += shards;
        }
    }

    private (int First, int End) Share(int of, int silo) => ((int)((long)of * silo / Silos), (int)((long)of * (silo + 1) / Silos));
}

/// <summary>A worker without a device: it has gradients, but computes none.</summary>
/// <param name="Key">Its key.</param>
/// <param name="First">Its first shard.</param>
/// <param name="Count">How many it has.</param>
internal sealed record LogicalWorker(WorkerKey Key, int First, int Count)
{
    /// <summary>Its name, a new string for every shard: so it is with real ones, and Orleans writes equal strings of one message once only where they are the same.</summary>
    internal string Name => Key.ToString();

    /// <summary>Its shards.</summary>
    internal IEnumerable<int> Shards => Enumerable.Range(First, Count);
}
