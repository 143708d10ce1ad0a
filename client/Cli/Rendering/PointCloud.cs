namespace FlowGrain.Cli.Rendering;

/// <summary>Rows of data, two columns of them.</summary>
/// <param name="X">First column.</param>
/// <param name="Y">Second column.</param>
internal sealed record PointCloud(double[] X, double[] Y);
