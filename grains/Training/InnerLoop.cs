using FlowGrain.Data;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Optimization;

namespace FlowGrain.Training;

/// <summary>The steps that a shard makes on its own between two rounds, with AdamW. Runs on a slot's thread.</summary>
/// <remarks>
/// A pure function of the round, its weights and the shard's rows: the moments begin at zero or at their average over the
/// shards, never at what a worker happens to have. Sources: McMahan et al. 2017, https://arxiv.org/abs/1602.05629; Douillard et
/// al. 2023, https://arxiv.org/abs/2311.08105.
/// </remarks>
internal sealed class InnerLoop(IFlowEngine engine, InnerSteps steps)
{
    private const int Planes = 3; // weights and both moments

    private readonly AdamW _optimizer = new(new AdamWOptions { WeightDecay = steps.WeightDecay });
    private readonly Schedule _rates = new(steps.Peak, steps.WarmupSteps, steps.TotalSteps);
    private readonly int _width = engine.Spec.Columns.Length + engine.Spec.Context.Length;
    private readonly float[] _gradient = new float[engine.Parameters.Length];
    private readonly float[] _first = new float[engine.Parameters.Length];
    private readonly float[] _second = new float[engine.Parameters.Length];
    private readonly float[] _average = new float[engine.Parameters.Length]; // of no use here, but a part of the optimizer's pass

    /// <summary>Numbers in the sums of a shard.</summary>
    internal int SumsLength => engine.Parameters.Length * (steps.AveragesMoments ? Planes : 1);

    /// <summary>Steps through the rows; leaves n · (θ_after − θ_before), and n · moments where they are averaged, with n the weight of the rows. Returns the sum of the loss.</summary>
    /// <param name="round">The round; its first step is the one after round · H.</param>
    /// <param name="rows"><c>[B, D + C]</c>, cut into H batches.</param>
    /// <param name="counts">How often each counts, <c>[B]</c>; empty where each counts once.</param>
    /// <param name="weights">θ, and both moments where they are averaged.</param>
    /// <param name="sums">Receives the sums.</param>
    /// <param name="draw">The random numbers of the rows.</param>
    internal double Run(long round, ReadOnlySpan<double> rows, ReadOnlySpan<float> counts, ReadOnlySpan<float> weights, Span<float> sums, TrainingDraw draw)
    {
        var (count, total) = (engine.Parameters.Length, rows.Length / _width);
        Begin(weights);
        var loss = 0.0;
        for (var step = 0; step < steps.Steps; step++)
        {
            var (first, end) = ((int)((long)total * step / steps.Steps), (int)((long)total * (step + 1) / steps.Steps));
            if (end > first) loss += Step(round * steps.Steps + step + 1, step + 1, rows[(first * _width)..(end * _width)], counts.IsEmpty ? counts : counts[first..end], draw.After(first));
        }

        var weight = (float)RowWeights.Sum(counts, total);
        for (var i = 0; i < count; i++) sums[i] = weight * (engine.Parameters[i] - weights[i]);
        if (!steps.AveragesMoments) return loss;
        Weighted(_first, weight, sums.Slice(count, count));
        Weighted(_second, weight, sums.Slice(2 * count, count));
        return loss;
    }

    private void Begin(ReadOnlySpan<float> weights)
    {
        var count = engine.Parameters.Length;
        weights[..count].CopyTo(engine.Parameters);
        if (steps.AveragesMoments)
        {
            weights.Slice(count, count).CopyTo(_first);
            weights.Slice(2 * count, count).CopyTo(_second);
        }
        else
        {
            Array.Clear(_first);
            Array.Clear(_second);
        }
    }

    /// <param name="step">Step of the run, for the learning rate and averaged moments.</param>
    /// <param name="fresh">Step since the moments began at zero, where they do.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="counts">How often each counts; empty where each counts once.</param>
    /// <param name="draw">Their random numbers.</param>
    private double Step(long step, long fresh, ReadOnlySpan<double> rows, ReadOnlySpan<float> counts, TrainingDraw draw)
    {
        var loss = engine.Gradient(rows, _gradient, draw, counts);
        var weight = RowWeights.Sum(counts, rows.Length / _width);
        var norm = Math.Sqrt(Gradients.SumOfSquares(_gradient)) / weight;
        if (!double.IsFinite(norm)) return loss; // the step is left out, as a round would be
        var scale = (float)(Gradients.ClipFactor(norm, steps.ClipNorm) / weight);
        var state = new OptimizerState<float>(engine.Parameters, _first, _second, _average);
        _optimizer.Step(state, _gradient, scale, (float)_rates.At(step), averageDecay: 1, steps.AveragesMoments ? step : fresh);
        return loss;
    }

    private static void Weighted(ReadOnlySpan<float> values, float weight, Span<float> sums)
    {
        for (var i = 0; i < values.Length; i++) sums[i] = weight * values[i];
    }
}
