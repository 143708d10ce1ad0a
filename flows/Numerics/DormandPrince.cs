using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Numerics;

/// <summary>Integrates <c>dy/dt = f(y, t)</c> by Runge-Kutta steps of order 5 whose sizes an error of order 4 controls, for each row alone.</summary>
/// <remarks>
/// <para>Rows <c>[B, N]</c>, times <c>[B, 1]</c> in float64. A step is taken where no number of the row is off by more than the
/// tolerance times one and its size. A row's steps depend on it alone, so that its bits do not depend on those beside it. A row
/// that is no number, or that needs too many or too small steps, comes to no number.</para>
/// <para>Source: Dormand and Prince 1980, "A family of embedded Runge-Kutta formulae", https://doi.org/10.1016/0771-050X(80)90013-3;
/// step sizes after Hairer, Nørsett and Wanner 1993, "Solving Ordinary Differential Equations I", section II.4.</para>
/// </remarks>
internal static class DormandPrince
{
    private const int MostSteps = 2000;
    private const double FirstStep = 0.05; // of the way; the error puts it right in a step or two
    private const double LeastStep = 1e-9; // of the way; where smaller ones are wanted, there is a pole

    private static readonly Scalar Safety = 0.9.ToScalar();
    private static readonly Scalar Exponent = (-0.2).ToScalar();
    private static readonly Scalar LeastFactor = 0.2.ToScalar();
    private static readonly Scalar MostFactor = 5.0.ToScalar();

    /// <summary>When each slope is taken, as a share of the step.</summary>
    private static readonly ImmutableArray<Scalar> Nodes = Scaled(0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1)!;

    /// <summary>How the slopes before it lead to where each one is taken; null for none. The last is the step itself.</summary>
    private static readonly ImmutableArray<ImmutableArray<Scalar?>> Weights =
    [
        [],
        Scaled(1.0 / 5),
        Scaled(3.0 / 40, 9.0 / 40),
        Scaled(44.0 / 45, -56.0 / 15, 32.0 / 9),
        Scaled(19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729),
        Scaled(9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656),
        Scaled(35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84),
    ];

    /// <summary>The step of order 5 less that of order 4.</summary>
    private static readonly ImmutableArray<Scalar?> Error =
        Scaled(71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40);

    /// <summary>Where rows that start at <paramref name="from"/> are at <paramref name="to"/>; not differentiable.</summary>
    /// <param name="field">f: rows <c>[B, N]</c> and times <c>[B, 1]</c> to slopes <c>[B, N]</c>.</param>
    /// <param name="start"><c>[B, N]</c>.</param>
    /// <param name="from">Time at the start.</param>
    /// <param name="to">Time at the end; before the start to go back.</param>
    /// <param name="tolerance">Error of a step, of one and the size of the number.</param>
    /// <param name="taken">Told of every step, of which rows that do not take it have size 0.</param>
    internal static Tensor Solve(Func<Tensor, Tensor, Tensor> field, Tensor start, double from, double to, double tolerance, Action<OdeStep>? taken = null)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (end, nothing, allowed) = (tensor(to), zeros(start.shape[0], 1, ScalarType.Float64), Tolerance(start.dtype, tolerance));
        var (y, t, size) = (start, zeros_like(nothing).Plus(tensor(from)), zeros_like(nothing).Plus(tensor(FirstStep * (to - from))));
        var slope = field(y, t);
        var under = IsFinite(y).logical_and(IsFinite(slope));
        var arrived = zeros_like(under);
        var least = (LeastStep * Math.Abs(to - from)).ToScalar();
        for (var step = 0; step < MostSteps && under.any().item<bool>(); step++)
        {
            using var inner = NewDisposeScope();
            var rest = end - t;
            var isLast = size.abs().ge(rest.abs());
            var h = where(under, where(isLast, rest, size), nothing);
            var trial = Try(field, y, t, h, slope);
            var ratio = (trial.Error.abs() / (maximum(y.abs(), trial.End.abs()).Plus(Scalars.One) * allowed)).amax([1], keepdim: true).to_type(ScalarType.Float64);
            var isTaken = under.logical_and(ratio.le(Scalars.One));
            taken?.Invoke(new OdeStep(y, t, where(isTaken, h, nothing)));
            var factor = where(ratio.isfinite(), ratio.pow(Exponent).mul(Safety).clamp(LeastFactor, MostFactor), zeros_like(ratio).Plus(LeastFactor));
            (y, slope, t) = (where(isTaken, trial.End, y), where(isTaken, trial.Slope, slope), where(isTaken, t.Plus(h), t));
            size = where(under, h * factor, size);
            arrived = arrived.logical_or(isTaken.logical_and(isLast));
            under = under.logical_and(arrived.logical_not()).logical_and(size.abs().ge(least));
            foreach (var kept in (Tensor[])[y, slope, t, size, arrived, under]) kept.MoveToOuterDisposeScope();
        }

        return where(arrived, y, zeros_like(y).Plus(tensor(double.NaN, y.dtype))).MoveToOuterDisposeScope();
    }

    /// <summary>Where a step leads to, in operations that are differentiable.</summary>
    internal static Tensor Step(Func<Tensor, Tensor, Tensor> field, OdeStep step)
    {
        var slopes = Slopes(field, step.Start, step.Time, step.Size, field(step.Start, step.Time));
        return Along(step.Start, step.Size, slopes, Weights[^1]);
    }

    private static (Tensor End, Tensor Slope, Tensor Error) Try(Func<Tensor, Tensor, Tensor> field, Tensor y, Tensor t, Tensor h, Tensor slope)
    {
        var slopes = Slopes(field, y, t, h, slope);
        var end = Along(y, h, slopes, Weights[^1]);
        slopes.Add(field(end, t.Plus(h)));
        return (end, slopes[^1], Sum(slopes, Error) * h.to_type(y.dtype));
    }

    private static List<Tensor> Slopes(Func<Tensor, Tensor, Tensor> field, Tensor y, Tensor t, Tensor h, Tensor first)
    {
        List<Tensor> slopes = [first];
        for (var stage = 1; stage < Weights.Length - 1; stage++) slopes.Add(field(Along(y, h, slopes, Weights[stage]), t.add(h, Nodes[stage])));
        return slopes;
    }

    private static Tensor Along(Tensor y, Tensor h, List<Tensor> slopes, ImmutableArray<Scalar?> weights) => y.Plus(Sum(slopes, weights) * h.to_type(y.dtype));

    private static Tensor Sum(List<Tensor> slopes, ImmutableArray<Scalar?> weights)
    {
        var sum = slopes[0].mul(weights[0]!);
        for (var i = 1; i < weights.Length; i++)
            if (weights[i] is { } weight) sum = sum.add(slopes[i], weight);
        return sum;
    }

    /// <summary>No smaller than what the type can tell apart over a hundred steps.</summary>
    private static Tensor Tolerance(ScalarType dtype, double tolerance) => tensor(Math.Max(tolerance, dtype == ScalarType.Float64 ? 1e-13 : 2e-6), dtype);

    private static Tensor IsFinite(Tensor rows) => rows.isfinite().all(1, keepdim: true);

    private static ImmutableArray<Scalar?> Scaled(params ReadOnlySpan<double> weights)
    {
        var scalars = ImmutableArray.CreateBuilder<Scalar?>(weights.Length);
        foreach (var weight in weights) scalars.Add(weight == 0 ? null : weight.ToScalar());
        return scalars.MoveToImmutable();
    }
}

/// <summary>One step of every row.</summary>
/// <param name="Start">Rows before it, <c>[B, N]</c>.</param>
/// <param name="Time">Times before it, <c>[B, 1]</c>, float64.</param>
/// <param name="Size">Its sizes, <c>[B, 1]</c>, float64; 0 for rows that stay.</param>
internal readonly record struct OdeStep(Tensor Start, Tensor Time, Tensor Size);
