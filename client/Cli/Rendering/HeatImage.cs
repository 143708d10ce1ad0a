using ScottPlot.Colormaps;

namespace FlowGrain.Cli.Rendering;

/// <summary>A small picture of brightness between 0 and 1, drawn in viridis.</summary>
internal sealed class HeatImage(int width, int height)
{
    private static readonly Viridis Colors = new();

    private readonly double[] _brightness = new double[width * height];

    internal int Width => width;

    internal int Height => height;

    /// <summary>Brightness; row 0 is the top.</summary>
    internal double this[int row, int column]
    {
        get => _brightness[(row * width) + column];
        set => _brightness[(row * width) + column] = value;
    }

    internal Pixel Color(int row, int column)
    {
        var color = Colors.GetColor(this[row, column]);
        return new(color.R, color.G, color.B);
    }

    /// <summary>A density, highest <c>y</c> on top.</summary>
    internal static HeatImage Of(DensityGrid grid)
    {
        var shades = Shades.Of(grid);
        var image = new HeatImage(grid.Columns, grid.Rows);
        for (var row = 0; row < grid.Rows; row++)
            for (var column = 0; column < grid.Columns; column++)
                image[row, column] = shades.Of(grid.LogDensity[grid.Rows - 1 - row, column]);
        return image;
    }
}
