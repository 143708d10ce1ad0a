using System.Collections.Immutable;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace FlowGrain.Training;

/// <summary>
/// What the workers of one run share on a silo: the weights of the open round, which come to the silo once, and the sums of
/// its shards, which are combined as far as they are neighbours before they travel.
/// </summary>
/// <remarks>Slot threads add, grain turns fetch and submit; a lock guards the sums.</remarks>
internal sealed class SiloRun(IGrainFactory grains, WorkerAssignment assignment, string silo, TimeProvider clock)
{
    private const int MostInFlight = 16; // chunks of 4 MiB on their way: more would only wait at their ranges
    private const int MostDamaged = 5;

    private readonly Lock _gate = new();
    private readonly ImmutableArray<ChunkSums> _chunks = [.. assignment.Ranges.SelectMany((range, index) => Of(assignment, range, index))];
    private readonly int _parameters = assignment.Ranges.Sum(range => range.Length);
    private readonly SemaphoreSlim _credits = new(MostInFlight);
    private readonly HashSet<int> _inHand = [];
    private readonly SiloWeights _weights = new(grains, assignment, clock);
    private long _round = -1;
    private string? _traceParent; // of the open round

    /// <summary>The weights of a lease, fetched once for all workers of the silo.</summary>
    internal Task<float[]> Weights(ShardLease lease, WeightKind kind) => _weights.Get(lease, kind);

    /// <summary>Notes that a shard will be computed here.</summary>
    internal void Expect(ShardLease lease)
    {
        lock (_gate)
        {
            if (lease.Round > _round) Begin(lease);
            if (lease.Round == _round) _inHand.Add(lease.Shard);
        }
    }

    /// <summary>Adds a shard's sums, on the thread that computed them. What belongs to an older round is dropped.</summary>
    internal void Add(ShardLease lease, string worker, ReadOnlySpan<float> sums, ShardTotals totals)
    {
        var leaf = new ShardLeaf(lease.Shard, worker, Hash(sums));
        lock (_gate)
        {
            if (lease.Round != _round) return;
            _inHand.Remove(lease.Shard);
            foreach (var chunk in _chunks) chunk.Add(leaf, Slice(sums, chunk), totals);
        }
    }

    /// <summary>Submits what is summed when no shard of the round is in hand here any more, or at once; who has one then is not waited for any more.</summary>
    /// <param name="round">The round.</param>
    /// <param name="traceParent">The span to report under; null for that of the round.</param>
    /// <param name="atOnce">Whether nothing is waited for.</param>
    /// <remarks>Second results go first: once a range has all shards, none of them is compared any more.</remarks>
    internal async Task Flush(long round, string? traceParent = null, bool atOnce = false)
    {
        List<(ChunkSums Chunk, PartialNode Node)> seconds, ready;
        lock (_gate)
        {
            if (round != _round || (_inHand.Count > 0 && !atOnce)) return;
            if (atOnce) _inHand.Clear();
            traceParent ??= _traceParent;
            seconds = [.. _chunks.SelectMany(chunk => chunk.TakeSeconds().Select(node => (chunk, node)))];
            ready = [.. _chunks.SelectMany(chunk => chunk.Tree.TakeAll().Select(node => (chunk, node)))];
        }

        await Task.WhenAll(seconds.Select(sum => Submit(round, sum.Chunk, sum.Node, traceParent)));
        await Task.WhenAll(ready.Select(sum => SubmitAndRecycle(round, sum.Chunk, sum.Node, traceParent)));
    }

    /// <summary>XxHash3 of numbers, never 0.</summary>
    internal static ulong Hash(ReadOnlySpan<float> values) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(values)) | 1;

    private static IEnumerable<ChunkSums> Of(WorkerAssignment assignment, ParameterRange range, int index) =>
        Cut.Chunks(range, assignment.Inner is { AveragesMoments: true } ? 3 : 1).Select((chunk, number) => new ChunkSums(index, number, chunk, new ReductionTree(assignment.Shards, chunk.Length)));

    private ReadOnlySpan<float> Slice(ReadOnlySpan<float> sums, ChunkSums chunk) => sums.Slice(chunk.Chunk.Plane * _parameters + chunk.Chunk.Offset, chunk.Chunk.Length);

    private void Begin(ShardLease lease)
    {
        foreach (var chunk in _chunks) chunk.Clear();
        _inHand.Clear();
        (_round, _traceParent) = (lease.Round, lease.TraceParent);
    }

    private async Task SubmitAndRecycle(long round, ChunkSums chunk, PartialNode node, string? traceParent)
    {
        try
        {
            await Submit(round, chunk, node, traceParent);
        }
        finally
        {
            lock (_gate) chunk.Tree.Recycle(node);
        }
    }

    private async Task Submit(long round, ChunkSums chunk, PartialNode node, string? traceParent)
    {
        await _credits.WaitAsync();
        try
        {
            using var span = Spans.StartUnder(traceParent, Spans.Submit)?.Of(assignment.Run, round, silo);
            await Submit(chunk.Range, new PartialSum(
                assignment.Epoch, round, node.Span, chunk.Number, new Block<float>(node.Sums), Hash(node.Sums), [.. node.Leaves], node.Totals.Loss, node.Totals.Rows, span?.Id, node.Totals.RowHash) { Weights = node.Totals.Weights });
        }
        finally
        {
            _credits.Release();
        }
    }

    private async Task Submit(int range, PartialSum sum)
    {
        var aggregator = grains.GetGrain<IAggregatorGrain>($"{assignment.Run}/{range}");
        for (var attempt = 1; attempt <= MostDamaged; attempt++)
        {
            Telemetry.CommunicatedBytes.Add(sum.Sums.Length * sizeof(float));
            var reply = await Repeated.Call(() => aggregator.Submit(sum), clock);
            if (reply.Outcome != SubmitOutcome.Damaged) return; // what is stale, its worker learns when it asks for the next lease; of a mismatch the range tells the run
        }

        throw new InvalidDataException($"A sum of run '{assignment.Run}' arrived damaged {MostDamaged} times; the network or the memory of a silo is faulty.");
    }

    /// <summary>The sums of one chunk.</summary>
    private sealed record ChunkSums(int Range, int Number, Chunk Chunk, ReductionTree Tree)
    {
        private readonly List<PartialNode> _seconds = []; // results of shards that the tree has from another worker, in memory of their own

        /// <summary>Adds a shard.</summary>
        internal void Add(ShardLeaf leaf, ReadOnlySpan<float> sums, ShardTotals totals)
        {
            var span = ShardSpan.Of(leaf.Shard);
            if (!Tree.Add(span, sums, totals, [leaf])) _seconds.Add(new PartialNode(span, sums.ToArray(), totals, [leaf]));
        }

        /// <summary>Takes the second results.</summary>
        internal List<PartialNode> TakeSeconds()
        {
            List<PartialNode> seconds = [.. _seconds];
            _seconds.Clear();
            return seconds;
        }

        /// <summary>Forgets everything.</summary>
        internal void Clear()
        {
            Tree.Clear();
            _seconds.Clear();
        }
    }
}
