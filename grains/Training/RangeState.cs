using System.IO.Hashing;
using System.Runtime.InteropServices;
using FlowGrain.Flows.Optimization;

namespace FlowGrain.Training;

/// <summary>What an aggregator keeps for its range: weights, moments, averages, and the tree of the open round.</summary>
/// <remarks>Every method runs on the silo's reduction thread.</remarks>
internal sealed class RangeState(int length, int shards, double weightDecay)
{
    private const int Buffers = 5; // θ, m, v, average, best: twenty bytes a parameter

    private readonly float[][] _buffers = [.. Enumerable.Range(0, Buffers).Select(_ => new float[length])];
    private readonly AdamW _optimizer = new(new AdamWOptions { WeightDecay = weightDecay });
    private readonly ReductionTree _tree = new(shards, length);
    private readonly float[] _frozen = new float[Buffers * length];
    private readonly ulong[] _submitted = new ulong[shards];
    private int _missing = shards;
    private long _optimizerSteps;

    /// <summary>θ.</summary>
    internal float[] Current => _buffers[0];

    /// <summary>The moving average of θ.</summary>
    internal float[] Average => _buffers[3];

    /// <summary>The average that validated best.</summary>
    internal float[] Best => _buffers[4];

    /// <summary>Steps made so far.</summary>
    internal long Round { get; private set; }

    /// <summary>Begins with fresh weights.</summary>
    internal void Begin(ReadOnlySpan<float> weights)
    {
        weights.CopyTo(Current);
        weights.CopyTo(Average);
        weights.CopyTo(Best);
    }

    /// <summary>Begins with what <see cref="Freeze"/> gave.</summary>
    internal void Begin(RangeSnapshot snapshot, long round)
    {
        for (var i = 0; i < Buffers; i++) snapshot.Values.AsSpan(i * length, length).CopyTo(_buffers[i]);
        (Round, _optimizerSteps) = (round, snapshot.OptimizerSteps);
    }

    /// <summary>A copy of everything that outlives a round. One is in use at a time: the next is made in the same memory.</summary>
    internal RangeSnapshot Freeze()
    {
        for (var i = 0; i < Buffers; i++) _buffers[i].CopyTo(_frozen, i * length);
        return new RangeSnapshot(_frozen, _optimizerSteps);
    }

    /// <summary>Adds one shard of the open round.</summary>
    internal SubmitReply Submit(ShardGradient gradient)
    {
        var hash = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(gradient.Sums.Span), gradient.Rows) | 1; // zero means empty
        ref var slot = ref _submitted[gradient.Shard];
        if (slot != 0) return slot == hash ? SubmitReply.Duplicate : SubmitReply.Mismatch;
        slot = hash;
        _tree.Add(gradient.Shard, gradient.Sums.Span, gradient.Loss, gradient.Rows);
        _missing--;
        return SubmitReply.Accepted;
    }

    /// <summary>The round's sums once every shard is in, else null.</summary>
    internal ReducedRound? Reduced() =>
        _missing == 0 ? new ReducedRound(Gradients.SumsOfSquares(_tree.Sum), _tree.Loss, _tree.Rows) : null;

    /// <summary>Steps the optimizer, unless the scale is 0, and opens the next round.</summary>
    internal void Apply(RoundStep step)
    {
        if (step.GradientScale != 0)
        {
            var state = new OptimizerState(_buffers[0], _buffers[1], _buffers[2], _buffers[3]);
            _optimizer.Step(state, _tree.Sum, step.GradientScale, step.LearningRate, step.AverageDecay, ++_optimizerSteps);
        }

        _tree.Clear();
        Array.Clear(_submitted);
        (_missing, Round) = (_submitted.Length, step.Round + 1);
    }

    /// <summary>Keeps the average as the best.</summary>
    internal void KeepBest() => Average.CopyTo(Best, 0);
}

/// <summary>The state of a range between two rounds.</summary>
/// <param name="Values">θ, m, v, average and best, one after another.</param>
/// <param name="OptimizerSteps">Steps that the optimizer has made; skipped rounds do not count.</param>
internal sealed record RangeSnapshot(float[] Values, long OptimizerSteps);
