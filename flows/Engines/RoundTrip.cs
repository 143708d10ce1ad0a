namespace FlowGrain.Flows.Engines;

/// <summary>How exactly a flow inverts itself in float32.</summary>
public static class RoundTrip
{
    /// <summary>Largest |generate(z) − x| over rows and their latents, in the deviations of each column.</summary>
    /// <param name="engine">The flow with its weights.</param>
    /// <param name="rows"><c>[B, D + C]</c>, units of the data.</param>
    /// <param name="latent"><c>[B, D]</c>, what <see cref="IFlowEngine.LogDensity"/> gave for the rows.</param>
    public static double WorstError(IFlowEngine engine, ReadOnlySpan<double> rows, ReadOnlySpan<float> latent)
    {
        var (d, c) = (engine.Spec.Columns.Length, engine.Spec.Context.Length);
        var scale = engine.Spec.Standardize().Scale;
        var back = new double[latent.Length];
        engine.Generate(latent, Context(rows, d, c), back);
        var worst = 0.0;
        for (var i = 0; i < back.Length; i++)
        {
            worst = Math.Max(worst, Math.Abs(back[i] - rows[i / d * (d + c) + i % d]) / scale[i % d]);
        }

        return worst;
    }

    /// <summary>The context columns of rows, side by side.</summary>
    public static double[] Context(ReadOnlySpan<double> rows, int d, int c)
    {
        var context = new double[rows.Length / (d + c) * c];
        for (var i = 0; i < context.Length; i++) context[i] = rows[i / c * (d + c) + d + i % c];
        return context;
    }
}
