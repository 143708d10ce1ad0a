namespace FlowGrain.Cli.Rendering;

/// <summary>A model's density over two columns, at any resolution.</summary>
internal interface IDensityPlane
{
    /// <summary>The density on a grid of cells.</summary>
    Task<DensityGrid> On(int width, int height, CancellationToken cancellation);
}
