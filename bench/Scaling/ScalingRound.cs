using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FlowGrain.Training;
using Orleans.Runtime.Placement;

namespace FlowGrain.Bench.Scaling;

/// <summary>One round of logical workers over real silos, counted where its sums arrive.</summary>
internal sealed class ScalingRound(LoopbackSilos cluster, ScalingSize size, string home)
{
    private const int Lanes = 4; // workers of a silo that send at a time

    private readonly SyntheticGradients _gradients = new(size.Parameters);
    private readonly IReadOnlyList<SiloAddress> _silos = [.. cluster.All.Select(silo => silo.Address)];

    /// <summary>Runs it one way.</summary>
    internal async Task<RoundFigures> Run(ReductionWay way)
    {
        var assignment = Assignment(way);
        await Open(assignment);
        var tree = new CombinerTree(size, assignment.Run, RootOf(assignment, 0), _silos);
        if (way.Gathering == Gathering.InTree) await Open(tree);
        foreach (var silo in cluster.All) silo.Calls.Reset();
        var before = WireBytes();
        await Task.WhenAll(cluster.All.Select((silo, index) => Task.Run(() => Send(way, silo, index, assignment, tree))));
        var wire = WireBytes().Zip(before, (now, then) => now - then).Max();
        var busiest = cluster.All.SelectMany(silo => silo.Calls.Into).Aggregate(Traffic.Larger);
        return new RoundFigures(way, size, busiest, wire, HashOf(await Finish(assignment)));
    }

    /// <summary>SHA-256 of the sum of all shards, as one tree in one place has it.</summary>
    internal string Reference()
    {
        var tree = new ReductionTree(size.Shards, size.Parameters);
        var sums = new float[size.Parameters];
        for (var shard = 0; shard < size.Shards; shard++)
        {
            _gradients.Write(shard, sums);
            tree.Add(ShardSpan.Of(shard), sums, new ShardTotals(Loss: 0, Rows: 1, RowHash: 0), []);
        }

        return HashOf(tree.Root.Sums);
    }

    /// <summary>SHA-256 of numbers.</summary>
    internal static string HashOf(ReadOnlySpan<float> values) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values)));

    private static string RootOf(WorkerAssignment assignment, int range) => $"{assignment.Run}/{range}";

    private WorkerAssignment Assignment(ReductionWay way) => new(
        $"run-{Guid.NewGuid().ToString()[..8]}", new Epoch(1, Guid.NewGuid()), FlowJson: new Block<byte>(default), new TrainingRows("", 0, 0, 0),
        size.Shards, Cut.Ranges(size.Parameters, way.InRanges ? size.Ranges : 1), Noise: null, Inner: null, SpecHash: "");

    private long[] WireBytes() => [.. cluster.All.Select(silo => silo.Wire.Bytes)];

    private Task Send(ReductionWay way, LoopbackSilo silo, int index, WorkerAssignment assignment, CombinerTree tree)
    {
        var workers = size.WorkersOf(index, assignment.Run, silo.Address.ToParsableString());
        return way.Gathering switch
        {
            Gathering.OnSilos => SendTogether(silo, assignment, [.. workers]),
            Gathering.InTree => Each(workers, worker => Send(silo, assignment, tree, worker)),
            _ => Each(workers, worker => SendTogether(silo, assignment, [worker])),
        };
    }

    private static Task Each(IEnumerable<LogicalWorker> workers, Func<LogicalWorker, Task> send) =>
        Parallel.ForEachAsync(workers, new ParallelOptions { MaxDegreeOfParallelism = Lanes }, async (worker, _) => await send(worker));

    /// <summary>Adds and sends with what the workers of a real silo share.</summary>
    private async Task SendTogether(LoopbackSilo silo, WorkerAssignment assignment, IReadOnlyList<LogicalWorker> workers)
    {
        var shared = new SiloRun(silo.Grains, assignment, "silo", TimeProvider.System);
        var leases = workers.SelectMany(worker => worker.Shards.Select(shard => (worker.Name, Lease: Lease(shard)))).ToList();
        foreach (var (_, lease) in leases) shared.Expect(lease);
        var sums = new float[size.Parameters];
        foreach (var (worker, lease) in leases)
        {
            _gradients.Write(lease.Shard, sums);
            shared.Add(lease, worker, sums, new ShardTotals(Loss: 0, Rows: 1, RowHash: 0));
        }

        await shared.Flush(round: 0, traceParent: null);
    }

    private static ShardLease Lease(int shard) => new(ShardWork.Gradient, Round: 0, shard, Pass: 0, First: shard, Rows: 1, Attempt: 1, WeightsHash: 0, TraceParent: null);

    /// <summary>Sends a worker's sums to the combiner above it.</summary>
    private async Task Send(LoopbackSilo silo, WorkerAssignment assignment, CombinerTree tree, LogicalWorker worker)
    {
        var own = new ReductionTree(size.Shards, size.Parameters);
        var sums = new float[size.Parameters];
        foreach (var shard in worker.Shards)
        {
            _gradients.Write(shard, sums);
            own.Add(ShardSpan.Of(shard), sums, new ShardTotals(Loss: 0, Rows: 1, RowHash: 0), [new ShardLeaf(shard, worker.Name, SiloRun.Hash(sums))]);
        }

        foreach (var sum in own.TakeAll().Select(node => Sums.Of(assignment.Epoch, node)))
        {
            if (tree.Above(sum.Span) is { } combiner) await silo.Grains.GetGrain<ICombinerGrain>(combiner).Submit(sum);
            else await Sums.Submit(silo.Grains.GetGrain<IAggregatorGrain>(RootOf(assignment, 0)), sum);
        }
    }

    /// <summary>Opens the ranges, one a silo, with weights of zero: what a round of mode local then adds to them is its sum.</summary>
    private async Task Open(WorkerAssignment assignment)
    {
        var zeros = Path.Combine(home, $"{assignment.Run}.zeros");
        var opening = new AggregatorOpening(
            assignment.Epoch, new ParameterRange(0, size.Parameters), size.Shards, Round: 0, assignment.FlowJson, [zeros], new UpdateRule(SyncMode.Local, 0, 0, 0, AveragesMoments: false));
        SnapshotFile.Write(zeros, new RangeState(opening).Freeze());
        foreach (var (index, range) in assignment.Ranges.Index())
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, _silos[index % _silos.Count]);
            await Root(assignment, index).Open(opening with { Range = range });
        }

        RequestContext.Clear();
        File.Delete(zeros);
    }

    private Task Open(CombinerTree tree) => Parallel.ForEachAsync(tree.All, async (combiner, _) =>
        await cluster.All[0].Grains.GetGrain<ICombinerGrain>(combiner.Key).Open(combiner.Opening));

    /// <summary>The sum at the roots.</summary>
    private async Task<float[]> Finish(WorkerAssignment assignment)
    {
        var sum = new float[size.Parameters];
        foreach (var (index, range) in assignment.Ranges.Index())
        {
            var root = Root(assignment, index);
            var reduced = await root.Reduced(assignment.Epoch, round: 0);
            if (reduced?.Rows != size.Shards) throw new InvalidOperationException($"Range {index} has the sums of {reduced?.Rows ?? 0} shards of {size.Shards}.");
            await root.Apply(assignment.Epoch, new RoundStep(Round: 0, Scale: 1, LearningRate: 0, AverageDecay: 0, TraceParent: null));
            foreach (var (number, chunk) in Cut.Chunks(range, planes: 1).Index())
                (await root.Weights(assignment.Epoch, round: 1, WeightKind.Current, number)).Span.CopyTo(sum.AsSpan(chunk.Offset, chunk.Length));
            await root.Close(assignment.Epoch);
        }

        return sum;
    }

    private IAggregatorGrain Root(WorkerAssignment assignment, int range) => cluster.All[0].Grains.GetGrain<IAggregatorGrain>(RootOf(assignment, range));
}

/// <summary>What a round brought.</summary>
/// <param name="Way">The way it was run.</param>
/// <param name="Size">How large it was.</param>
/// <param name="Busiest">What came to the busiest node: to a root, or to a combiner.</param>
/// <param name="Wire">Bytes that the busiest silo read from its connections.</param>
/// <param name="Sha256">Of the sum at the root.</param>
internal sealed record RoundFigures(ReductionWay Way, ScalingSize Size, Traffic Busiest, long Wire, string Sha256)
{
    /// <summary>Messages over those of the formula.</summary>
    internal double MessagesRatio => Busiest.Messages / Way.Messages.Of(Size);

    /// <summary>Bytes of sums over those of the formula.</summary>
    internal double SumsRatio => Busiest.Sums / Way.Bytes.Of(Size);

    /// <summary>Bytes of whole messages over those of the formula.</summary>
    internal double WholeRatio => Busiest.Whole / Way.Bytes.Of(Size);

    /// <summary>Bytes of whole messages that came to the busiest root from other silos than its own; a tree has no silo that stands out.</summary>
    internal double FromOthers => Busiest.Whole * (Size.Silos - 1.0) / Size.Silos;
}
