using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Serving;

/// <summary>golden.json of a model folder: rows with the log-densities that they had when the version was published, so that every silo that loads it can tell whether it computes the same.</summary>
/// <remarks>The rows are draws of the model itself: nothing of its data travels with them.</remarks>
/// <param name="DeviceClass">What computed them.</param>
/// <param name="Rows"><c>[B, D + C]</c> of the flow, row-major, units of the data.</param>
/// <param name="LogDensity"><c>[B]</c>, nats.</param>
/// <param name="RoundTripError">Largest |generate(normalize(x)) − x| over them, in deviations of each column.</param>
internal sealed record GoldenRows(string DeviceClass, double[] Rows, float[] LogDensity, double RoundTripError)
{
    private const int Count = 32; // enough that a wrong weight shows
    private const double Nats = 0.01; // float32 on another processor, for the worst row of a trained flow (docs/benchmarks.md: 2e-3 for 99.9%)
    private const double Relative = 1e-4; // of log-densities that are large
    private const double Tenth = 0.1; // deviations: draws lie further out than rows
    private const double Deviations = 1e-3; // by which round trips may be worse elsewhere

    /// <summary>Draws them and computes them.</summary>
    internal static GoldenRows Of(IFlowEngine flow)
    {
        var (random, d, c) = (new CounterRandom(0, "golden"), flow.Spec.Columns.Length, flow.Spec.Context.Length);
        var (latent, context, drawn) = (new float[Count * d], Context(flow, random.At(-1)), new double[Count * d]);
        flow.Draw(random, 0, context, latent);
        flow.Generate(latent, context, drawn);
        var rows = new double[Count * (d + c)];
        for (var row = 0; row < Count; row++)
        {
            drawn.AsSpan(row * d, d).CopyTo(rows.AsSpan(row * (d + c)));
            context.AsSpan(row * c, c).CopyTo(rows.AsSpan(row * (d + c) + d));
        }

        var (scores, error) = Computed(flow, rows);
        return new GoldenRows(FlowEngines.DeviceClassOf(flow.Spec), rows, scores, error);
    }

    /// <summary>What is wrong with a flow that should be the same, as a clause; null where nothing is. Equal bits are asked for where the device class is the same.</summary>
    internal string? Fault(IFlowEngine flow)
    {
        var (scores, error) = Computed(flow, Rows);
        var isSameClass = FlowEngines.DeviceClassOf(flow.Spec) == DeviceClass;
        for (var row = 0; row < scores.Length; row++)
            if (!(isSameClass ? scores[row].Equals(LogDensity[row]) : IsNear(scores[row], LogDensity[row])))
                return $"golden row {row} has the log-density {scores[row]} here, and had {LogDensity[row]} when it was published";
        return error <= 10 * RoundTripError + Deviations || double.IsNaN(RoundTripError) ? null
            : $"golden rows come back {error:0.0e+0} deviations off, and came back {RoundTripError:0.0e+0} off when it was published";
    }

    /// <summary>What is wrong with a flow that was published without golden rows, as its own draws show it, as a clause; null where nothing is.</summary>
    /// <param name="recorded">The round trip of validation rows when it was published, in deviations.</param>
    internal string? Doubt(double recorded) => double.IsNaN(recorded) || RoundTripError <= 10 * recorded + Tenth ? null
        : $"its own draws come back {RoundTripError:0.0e+0} deviations off, and validation rows came back {recorded:0.0e+0} off when it was published";

    private static bool IsNear(float here, float there) => here.Equals(there) || Math.Abs(here - there) <= Nats + Relative * Math.Abs(there);

    private static (float[] Scores, double RoundTripError) Computed(IFlowEngine flow, double[] rows)
    {
        var scores = new float[rows.Length / (flow.Spec.Columns.Length + flow.Spec.Context.Length)];
        var latent = new float[scores.Length * flow.Spec.Columns.Length];
        flow.LogDensity(rows, scores, latent);
        return (scores, RoundTrip.WorstError(flow, rows, latent));
    }

    /// <summary>Context around the mean of the training rows.</summary>
    private static double[] Context(IFlowEngine flow, CounterRandom random)
    {
        var (c, draws) = (flow.Spec.Context.Length, new float[Count * flow.Spec.Context.Length]);
        random.Normals(0, draws);
        return [.. draws.Select((draw, i) => flow.Spec.ContextScaling is { } scaling ? scaling.Shift[i % c] + scaling.Scale[i % c] * draw : draw)];
    }
}
