namespace FlowGrain.Cli.Rendering;

/// <summary>A log-density on the cells of a rectangle.</summary>
/// <param name="X">Columns of the grid.</param>
/// <param name="Y">Rows of the grid.</param>
/// <param name="LogDensity"><c>[row, column]</c> in nats; row 0 is the lowest <c>y</c>.</param>
/// <param name="Origin">How it came about: evaluated exactly, or counted from samples.</param>
internal sealed record DensityGrid(Axis X, Axis Y, double[,] LogDensity, string Origin)
{
    internal int Rows => LogDensity.GetLength(0);

    internal int Columns => LogDensity.GetLength(1);
}
