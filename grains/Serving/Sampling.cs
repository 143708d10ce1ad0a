using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Serving;

/// <summary>Draws rows from a flow; draw <c>i</c> depends on the stream and on <c>i</c> alone.</summary>
internal static class Sampling
{
    /// <summary>Draws number <paramref name="first"/> and following, <c>[rows, D]</c> in the units of the data.</summary>
    internal static Block<double> Draw(IFlowEngine flow, CounterRandom random, long first, int rows, ReadOnlySpan<double> context)
    {
        var (d, c) = (flow.Spec.Columns.Length, flow.Spec.Context.Length);
        var latent = new float[rows * d];
        random.Normals(first * d, latent);
        var given = new double[rows * c];
        for (var i = 0; i < given.Length; i++) given[i] = context[i % c];
        var values = new double[rows * d];
        flow.Generate(latent, given, values);
        return new Block<double>(values);
    }

    /// <summary>As many samples <c>[B, D]</c> as there are rows <c>[B, D + C]</c>, each given the context of its row.</summary>
    internal static double[] Beside(IFlowEngine flow, CounterRandom random, ReadOnlySpan<double> rows)
    {
        var (d, c) = (flow.Spec.Columns.Length, flow.Spec.Context.Length);
        var latent = new float[rows.Length / (d + c) * d];
        random.Normals(0, latent);
        var samples = new double[latent.Length];
        flow.Generate(latent, RoundTrip.Context(rows, d, c), samples);
        return samples;
    }
}
