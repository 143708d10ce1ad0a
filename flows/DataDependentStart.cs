using System.Collections.Immutable;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Transforms;
using static TorchSharp.torch;

namespace FlowGrain.Flows;

/// <summary>First parameters that are measured on data: every <see cref="ActNorm"/> of a chain begins such that what leaves it has mean 0 and deviation 1.</summary>
/// <remarks>
/// <para>Measured once, by whoever prepares a run, on rows of the training set; where each worker did it on rows of its own, averages of their weights would mean nothing. Numbers are rounded to
/// ten-thousandths, in which processors agree. A column that is constant there, or beyond counting, begins as it is. Inside of other transforms there is nothing to measure: they begin as they are.</para>
/// <para>Source: Kingma and Dhariwal 2018, "Glow", https://arxiv.org/abs/1807.03039, section 3.1.</para>
/// </remarks>
public static class DataDependentStart
{
    private const int Digits = 4;
    private const double LeastSpread = 1e-9; // of a column that is constant but for rounding

    /// <summary>The spec with every start measured.</summary>
    /// <param name="spec">A flow that can be built.</param>
    /// <param name="rows">Rows as the flow takes them, <c>[B, D + C]</c>.</param>
    public static FlowSpec Of(FlowSpec spec, ReadOnlySpan<double> rows)
    {
        if (!spec.Transforms.OfType<ActNormSpec>().Any()) return spec;
        using var flow = Flow.Build(spec, ScalarType.Float64);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var all = tensor(rows.ToArray(), rows.Length / (spec.Columns.Length + spec.Context.Length), spec.Columns.Length + spec.Context.Length);
        var value = all.narrow(1, 0, spec.Columns.Length);
        var context = spec.Context.Length == 0 ? null : all.narrow(1, spec.Columns.Length, spec.Context.Length);
        return spec with { Transforms = [.. flow.Through(value, context, Begin)] };
    }

    /// <summary>The transform as it begins, and the rows behind it.</summary>
    private static (TransformSpec Spec, Tensor? Behind) Begin(TransformSpec transform, Tensor value)
    {
        if (transform is not ActNormSpec) return (transform, null);
        var (logScale, bias) = Measured(value);
        return (new ActNormSpec(new ActNormStart(logScale, bias)), (value * tensor(logScale.ToArray()).exp()).Plus(tensor(bias.ToArray())));
    }

    private static (ImmutableArray<double> LogScale, ImmutableArray<double> Bias) Measured(Tensor value)
    {
        var (numbers, rows, columns) = (value.contiguous().data<double>().ToArray(), (int)value.shape[0], (int)value.shape[1]);
        var (logScale, bias) = (new double[columns], new double[columns]);
        for (var column = 0; column < columns; column++)
        {
            var of = Enumerable.Range(0, rows).Select(row => numbers[row * columns + column]);
            var mean = of.Sum() / rows;
            var deviation = Math.Sqrt(of.Sum(number => (number - mean) * (number - mean)) / rows);
            if (!double.IsFinite(mean) || !double.IsFinite(deviation) || deviation <= LeastSpread * Math.Max(1, Math.Abs(mean))) continue;
            logScale[column] = Math.Round(-PortableMath.Log(deviation), Digits);
            bias[column] = Math.Round(-mean * PortableMath.Exp(logScale[column]), Digits);
        }

        return ([.. logScale], [.. bias]);
    }
}
