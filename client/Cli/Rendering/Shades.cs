namespace FlowGrain.Cli.Rendering;

/// <summary>From log-densities to brightness between 0 and 1.</summary>
/// <param name="Floor">Nats that are drawn black.</param>
/// <param name="Top">Nats that are drawn brightest.</param>
internal sealed record Shades(double Floor, double Top)
{
    private const double TopShare = 0.998; // a few needle-sharp cells must not darken the rest
    private const double Span = 9; // nats from brightest to black: a factor of 8,000 in density

    internal static Shades Of(DensityGrid grid)
    {
        var finite = grid.LogDensity.Cast<double>().Where(double.IsFinite).Order().ToArray();
        var top = finite.Length == 0 ? 0 : finite[(int)(TopShare * (finite.Length - 1))];
        return new(top - Span, top);
    }

    internal double Of(double logDensity) => double.IsNaN(logDensity) ? 0 : Math.Clamp((logDensity - Floor) / (Top - Floor), 0, 1);

    /// <summary>The grid's values inside the shown range, for a heat map.</summary>
    internal double[,] Clip(DensityGrid grid)
    {
        var clipped = new double[grid.Rows, grid.Columns];
        for (var row = 0; row < grid.Rows; row++)
            for (var column = 0; column < grid.Columns; column++)
                clipped[row, column] = Floor + (Of(grid.LogDensity[row, column]) * (Top - Floor));
        return clipped;
    }
}
