namespace FlowGrain.Cli.Rendering;

/// <summary>The density of one column along its axis.</summary>
/// <param name="Axis">The column.</param>
/// <param name="Density">Per unit of the column, at equal distances.</param>
/// <param name="Origin">How it came about: evaluated exactly, or counted from samples.</param>
internal sealed record DensityCurve(Axis Axis, double[] Density, string Origin)
{
    internal double[] Positions => [.. Enumerable.Range(0, Density.Length).Select(i => Axis.Center(i, Density.Length))];
}
