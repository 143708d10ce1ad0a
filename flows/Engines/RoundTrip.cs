namespace FlowGrain.Flows.Engines;

/// <summary>How exactly a flow inverts itself in float32.</summary>
public static class RoundTrip
{
    private const double Far = 0.01; // a hundredth of a deviation: a difference that a picture shows

    /// <summary>Largest |generate(z) − x| over rows and their latents, in the deviations of each column, of an angle in radians.</summary>
    /// <param name="engine">The flow with its weights.</param>
    /// <param name="rows"><c>[B, D + C]</c>, units of the data.</param>
    /// <param name="latent"><c>[B, D]</c>, what <see cref="IFlowEngine.LogDensity"/> gave for the rows.</param>
    public static double WorstError(IFlowEngine engine, ReadOnlySpan<double> rows, ReadOnlySpan<float> latent)
    {
        var (d, c) = (engine.Spec.Columns.Length, engine.Spec.Context.Length);
        var back = new double[latent.Length];
        engine.Generate(latent, Context(rows, d, c), back);
        var worst = 0.0;
        for (var i = 0; i < back.Length; i++)
        {
            worst = Math.Max(worst, engine.Spec.Apart(i % d, back[i], rows[i / d * (d + c) + i % d]));
        }

        return worst;
    }

    /// <summary>What to know of a flow that misses rows by so many deviations; null where it does not.</summary>
    public static string? Warning(double worstError) => !(worstError <= Far)
        ? "For the worst of those rows that is far: the flow is too steep there for float32, as where values repeat, where a row lies far from all others, or where training diverged. Draws near such rows are coarse; --set noise=0.05, fewer transforms or a lower --lr make it smoother."
        : null;

    /// <summary>The context columns of rows, side by side.</summary>
    public static double[] Context(ReadOnlySpan<double> rows, int d, int c)
    {
        var context = new double[rows.Length / (d + c) * c];
        for (var i = 0; i < context.Length; i++) context[i] = rows[i / c * (d + c) + d + i % c];
        return context;
    }
}
