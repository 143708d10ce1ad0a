using System.Collections.Immutable;
using FlowGrain.Flows;
using FlowGrain.Flows.Optimization;

namespace FlowGrain.Training;

/// <summary>What an aggregator keeps for its range: weights, moments, averages, and the trees of the open round.</summary>
/// <remarks>Every method runs on the silo's reduction thread.</remarks>
internal sealed class RangeState
{
    private const int Buffers = 6; // θ, m, v, average, best, outer momentum: 24 bytes a parameter

    private readonly AggregatorOpening _opening;
    private readonly float[][] _buffers;
    private readonly float[] _frozen;
    private readonly AdamW _optimizer;
    private readonly ImmutableArray<Chunk> _chunks;
    private readonly ReductionTree[] _trees;
    private readonly Dictionary<int, ShardLeaf>[] _leaves; // of each chunk, by shard
    private long _optimizerSteps;
    private Dispute? _dispute;

    internal RangeState(AggregatorOpening opening)
    {
        _opening = opening;
        _buffers = [.. Enumerable.Range(0, Buffers).Select(_ => new float[opening.Range.Length])];
        _frozen = new float[Buffers * opening.Range.Length];
        _optimizer = new AdamW(new AdamWOptions { WeightDecay = opening.Rule.WeightDecay });
        _chunks = Cut.Chunks(opening.Range, opening.Rule.AveragesMoments ? 3 : 1);
        _trees = [.. _chunks.Select(chunk => new ReductionTree(opening.Shards, chunk.Length))];
        _leaves = [.. _chunks.Select(_ => new Dictionary<int, ShardLeaf>())];
    }

    /// <summary>Steps made so far.</summary>
    internal long Round { get; private set; }

    /// <summary>Submits refused since it was opened.</summary>
    internal long Rejects { get; private set; }

    private float[] Current => _buffers[0];

    private float[] First => _buffers[1];

    private float[] Second => _buffers[2];

    private float[] Average => _buffers[3];

    private float[] Best => _buffers[4];

    private float[] Outer => _buffers[5];

    /// <summary>The weights of a whole flow before its first round.</summary>
    internal static float[] InitialWeights(FlowSpec flow) => [.. flow.Layout().Initialize(flow.Seed).Select(value => (float)value)];

    /// <summary>Begins with its part of the weights of the whole flow.</summary>
    internal void Begin(ReadOnlySpan<float> whole)
    {
        var weights = whole.Slice(_opening.Range.Offset, _opening.Range.Length);
        weights.CopyTo(Current);
        weights.CopyTo(Average);
        weights.CopyTo(Best);
    }

    /// <summary>Begins with what <see cref="Freeze"/> gave.</summary>
    internal void Begin(RangeSnapshot snapshot, long round)
    {
        for (var i = 0; i < Buffers; i++) snapshot.Values.AsSpan(i * Current.Length, Current.Length).CopyTo(_buffers[i]);
        (Round, _optimizerSteps) = (round, snapshot.OptimizerSteps);
    }

    /// <summary>A copy of everything that outlives a round. One is in use at a time: the next is made in the same memory.</summary>
    internal RangeSnapshot Freeze()
    {
        for (var i = 0; i < Buffers; i++) _buffers[i].CopyTo(_frozen, i * Current.Length);
        return new RangeSnapshot(_opening.Range, _frozen, _optimizerSteps);
    }

    /// <summary>Hashes of the weights.</summary>
    internal RangeHashes Hashes(WeightKind kind) => new(WeightsHash.Blocks(Of(kind)));

    /// <summary>A chunk of the weights.</summary>
    internal ReadOnlyMemory<float> Weights(WeightKind kind, int chunk)
    {
        var (plane, offset, length) = _chunks[chunk];
        var buffer = plane > 0 ? _buffers[plane] : Of(kind); // the moments follow the weights
        return buffer.AsMemory(offset - _opening.Range.Offset, length);
    }

    /// <summary>Adds the sum of some shards of the open round, or says why not; what it refuses is counted.</summary>
    internal SubmitReply Submit(PartialSum sum)
    {
        var reply = sum.Epoch != _opening.Epoch ? new SubmitReply(SubmitOutcome.StaleEpoch) : sum.Round == Round ? Add(sum) : new SubmitReply(SubmitOutcome.StaleRound);
        if (reply.Outcome != SubmitOutcome.Accepted) Rejects++;
        return reply;
    }

    /// <summary>The round's sums once every shard is in, or what puts it in doubt; else null.</summary>
    internal ReducedRound? Reduced()
    {
        if (_dispute is not null) return new ReducedRound([], 0, 0, 0, Rejects, 0, _dispute);
        if (!_trees.All(tree => tree.IsFull)) return null;
        var squares = _chunks.Zip(_trees).Where(part => part.First.Plane == 0).SelectMany(part => Gradients.SumsOfSquares(part.Second.Root.Sums));
        var totals = _trees[0].Root.Totals;
        return new ReducedRound([.. squares], totals.Loss, totals.Rows, totals.RowHash, Rejects, _leaves[0].Values.Select(leaf => leaf.Worker).Distinct().Count()) { Weights = totals.Weights };
    }

    /// <summary>The shards that some chunk still lacks.</summary>
    internal ImmutableArray<int> Missing() => [.. Enumerable.Range(0, _opening.Shards).Where(shard => !_trees.All(tree => tree.Has(shard)))];

    /// <summary>Makes the step, unless the scale is 0, and opens the next round.</summary>
    internal void Apply(RoundStep step)
    {
        if (step.Scale != 0)
        {
            _optimizerSteps++;
            for (var chunk = 0; chunk < _chunks.Length; chunk++) Apply(step, _chunks[chunk], _trees[chunk].Root.Sums);
        }

        foreach (var tree in _trees) tree.Clear();
        foreach (var leaves in _leaves) leaves.Clear();
        (_dispute, Round) = (null, step.Round + 1);
    }

    /// <summary>Keeps the average as the best.</summary>
    internal void KeepBest() => Average.CopyTo(Best, 0);

    private float[] Of(WeightKind kind) => kind switch
    {
        WeightKind.Current => Current,
        WeightKind.Average => Average,
        _ => Best,
    };

    private SubmitReply Add(PartialSum sum)
    {
        if (SiloRun.Hash(sum.Sums.Span) != sum.Hash) return new SubmitReply(SubmitOutcome.Damaged);
        var leaves = _leaves[sum.Chunk];
        foreach (var leaf in sum.Leaves)
        {
            if (!leaves.TryGetValue(leaf.Shard, out var known) || known.Hash == leaf.Hash) continue;
            _dispute ??= new Dispute(known, leaf);
            return new SubmitReply(SubmitOutcome.Mismatch);
        }

        if (!_trees[sum.Chunk].Add(sum.Span, sum.Sums.Span, new ShardTotals(sum.Loss, sum.Rows, sum.RowHash) { Weights = sum.Weights }, [])) return new SubmitReply(SubmitOutcome.Duplicate);
        foreach (var leaf in sum.Leaves) leaves[leaf.Shard] = leaf;
        return new SubmitReply(SubmitOutcome.Accepted);
    }

    private void Apply(RoundStep step, Chunk chunk, ReadOnlySpan<float> sums)
    {
        var at = new Range(chunk.Offset - _opening.Range.Offset, chunk.Offset - _opening.Range.Offset + chunk.Length);
        if (chunk.Plane > 0) OuterStep.Average(_buffers[chunk.Plane].AsSpan(at), sums, step.Scale);
        else if (_opening.Rule.Mode == SyncMode.Sync)
            _optimizer.Step(new OptimizerState<float>(Current.AsSpan(at), First.AsSpan(at), Second.AsSpan(at), Average.AsSpan(at)), sums, step.Scale, step.LearningRate, step.AverageDecay, _optimizerSteps);
        else
            OuterStep.Apply(Current.AsSpan(at), Outer.AsSpan(at), Average.AsSpan(at), sums, step, _opening.Rule);
    }
}

/// <summary>The state of a range between two rounds.</summary>
/// <param name="Range">The range.</param>
/// <param name="Values">θ, m, v, average, best and outer momentum, one after another.</param>
/// <param name="OptimizerSteps">Steps that the optimizer has made; skipped rounds do not count.</param>
internal sealed record RangeSnapshot(ParameterRange Range, float[] Values, long OptimizerSteps)
{
    /// <summary>Of a whole flow before its first round, which <see cref="RangeState.Begin(ReadOnlySpan{float})"/> leaves too: its weights, averages and best are these, and the optimizer has seen nothing.</summary>
    internal static RangeSnapshot Beginning(float[] weights)
    {
        var none = new float[weights.Length];
        return new(new ParameterRange(0, weights.Length), [.. weights, .. none, .. none, .. weights, .. weights, .. none], OptimizerSteps: 0);
    }
}
