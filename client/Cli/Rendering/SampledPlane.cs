namespace FlowGrain.Cli.Rendering;

/// <summary>Two columns of samples, counted: the marginal of a model with more columns.</summary>
internal sealed class SampledPlane(Axis x, Axis y, double[] valuesX, double[] valuesY) : IDensityPlane
{
    private const int MostCells = 160; // finer, and the grain of the samples shows

    /// <inheritdoc />
    public Task<DensityGrid> On(int width, int height, CancellationToken cancellation) =>
        Task.FromResult(Histogram.Plane([valuesX, valuesY], x, y, Math.Min(width, MostCells), Math.Min(height, MostCells)));
}
