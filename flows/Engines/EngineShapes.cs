namespace FlowGrain.Flows.Engines;

/// <summary>Whether what an engine is given fits together: looked at once a call, before anything is computed.</summary>
internal static class EngineShapes
{
    /// <summary>Rows and a gradient of the flow's sizes, and a weight for each row or none.</summary>
    internal static void RequireGradient(FlowSpec spec, int parameters, int rows, int gradient, int weights)
    {
        RequireRows(spec, rows);
        if (weights != 0 && weights != rows / Width(spec)) throw new ArgumentException($"{weights} weights do not go with {rows / Width(spec)} rows.");
        if (gradient != parameters) throw new ArgumentException($"A gradient of {gradient} numbers does not fit a flow of {parameters} parameters.");
    }

    /// <summary>As many log-densities as rows, and latents of as many or none.</summary>
    internal static void RequireScores(FlowSpec spec, int rows, int logDensity, int latent)
    {
        RequireRows(spec, rows);
        if (logDensity != rows / Width(spec)) throw new ArgumentException($"{logDensity} log-densities are asked for of {rows / Width(spec)} rows.");
        if (latent != 0 && latent != logDensity * spec.Columns.Length) throw new ArgumentException($"{latent} numbers are no latents of {logDensity} rows of {spec.Columns.Length} columns.");
    }

    /// <summary>As many rows as latents, and as much context.</summary>
    internal static void RequireDraws(FlowSpec spec, int latent, int context, int rows)
    {
        var (d, c) = (spec.Columns.Length, spec.Context.Length);
        if (rows % d != 0 || latent != rows) throw new ArgumentException($"{latent} latent numbers do not make {rows} numbers in rows of {d} columns.");
        if (context != rows / d * c) throw new ArgumentException($"{context} context numbers do not go with {rows / d} rows of {c} context columns.");
    }

    private static int Width(FlowSpec spec) => spec.Columns.Length + spec.Context.Length;

    private static void RequireRows(FlowSpec spec, int rows)
    {
        if (rows % Width(spec) != 0) throw new ArgumentException($"{rows} numbers are no whole rows of {Width(spec)} columns.");
    }
}
