using FlowGrain.Flows.Native;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Engines;

/// <summary>
/// How far an engine's log-densities are from those of the same weights in float64, over some rows; where a flow is integrated
/// numerically, far more finely, so that what its solver, its quadrature or its mean over points is off by is in it.
/// </summary>
/// <param name="Rows">How many rows were compared.</param>
/// <param name="Median">Median of |float32 − float64|, nats.</param>
/// <param name="High">What 99.9% of the rows stay within, nats.</param>
public sealed record LogDensityError(int Rows, double Median, double High)
{
    /// <summary>What a trained flow stays within in all but one of a thousand rows, nats.</summary>
    public const double Fine = 2e-3;

    private const int ChunkRows = 512; // in float64 and op by op, more would leave the cache

    /// <summary>Scores rows <c>[B, D + C]</c>, in the units of the data, in both precisions; null where libtorch, which computes in float64, cannot be loaded.</summary>
    public static LogDensityError? Of(IFlowEngine engine, ReadOnlySpan<double> rows)
    {
        if (rows.IsEmpty || !TorchNative.Describe().IsLoaded) return null;
        var width = engine.Spec.Columns.Length + engine.Spec.Context.Length;
        var (scores, errors) = (new float[rows.Length / width], new double[rows.Length / width]);
        engine.LogDensity(rows, scores, []);
        Exact(engine, rows, errors);
        for (var i = 0; i < errors.Length; i++) errors[i] = Math.Abs(scores[i] - errors[i]) is var error && double.IsNaN(error) ? double.PositiveInfinity : error;
        Array.Sort(errors);
        return new LogDensityError(errors.Length, errors[errors.Length / 2], errors[(int)Math.Ceiling(errors.Length * 0.999) - 1]);
    }

    private static void Exact(IFlowEngine engine, ReadOnlySpan<double> rows, Span<double> logDensity)
    {
        using var noGradient = no_grad();
        using var flow = Flow.Build(engine.Spec with { Transforms = [.. engine.Spec.Transforms.Select(transform => transform.Finer())], Base = engine.Spec.Base.Finer() }, ScalarType.Float64);
        using (NewDisposeScope()) flow.Parameters.Values.copy_(tensor(engine.Parameters.ToArray()));
        var (d, c) = (engine.Spec.Columns.Length, engine.Spec.Context.Length);
        for (var first = 0; first < logDensity.Length; first += ChunkRows)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(ChunkRows, logDensity.Length - first);
            var chunk = tensor(rows.Slice(first * (d + c), count * (d + c)).ToArray(), count, d + c);
            var exact = flow.LogProb(chunk.narrow(1, 0, d), c == 0 ? null : chunk.narrow(1, d, c));
            exact.data<double>().ToArray().CopyTo(logDensity[first..]);
        }

        if (engine.Spec.Missing is null) return;
        var missing = new MissingWorth(engine.Spec);
        for (var row = 0; row < logDensity.Length; row++) logDensity[row] -= missing.Of(rows.Slice(row * (d + c), d + c));
    }
}
