using ScottPlot;
using ScottPlot.Colormaps;

namespace FlowGrain.Cli.Rendering;

/// <summary>Every pair of columns as a small heat map, every column alone on the diagonal.</summary>
internal static class PairsPicture
{
    private const int Bins = 96;

    internal static PictureSheet Draw(IReadOnlyList<Axis> axes, IReadOnlyList<double[]> samples, string title)
    {
        var layout = new PairsSheet(axes, title);
        var sheet = layout.Begin();
        for (var row = 0; row < axes.Count; row++)
            for (var column = 0; column <= row; column++)
                layout.Place(sheet, Panel(layout, axes, samples, row, column), row, column);
        return sheet;
    }

    // Panels of a column share the marks below it, panels of a row those at its left.
    private static Plot Panel(PairsSheet layout, IReadOnlyList<Axis> axes, IReadOnlyList<double[]> samples, int row, int column)
    {
        var (isLowest, isFirst) = (row == axes.Count - 1, column == 0 && row > 0);
        var plot = PlotStyle.New(isLowest ? Name(layout, axes[column]) : "", isFirst ? Name(layout, axes[row]) : "");
        plot.Grid.IsVisible = false;
        plot.Axes.Bottom.TickGenerator = Ticks.At(isLowest ? layout.Across(axes[column]) : []);
        plot.Axes.Left.TickGenerator = Ticks.At(isFirst ? layout.Up(axes[row]) : []);
        if (row == column) AddMarginal(plot, axes[row], samples[row]);
        else AddPair(plot, Histogram.Plane([samples[column], samples[row]], axes[column], axes[row], Bins, Bins));
        return plot;
    }

    private static string Name(PairsSheet layout, Axis axis) => PictureText.Cut(axis.Name, layout.Cell, PlotStyle.NameSize);

    private static void AddMarginal(Plot plot, Axis axis, double[] values)
    {
        var curve = new DensityCurve(axis, Histogram.Line(values, axis, Bins), Histogram.Origin(values));
        PlotStyle.Filled(plot.Add.ScatterLine(curve.Positions, curve.Density, PlotStyle.Blue));
        plot.Axes.SetLimits(axis.Low, axis.High, 0, 1.08 * Math.Max(curve.Density.Max(), double.Epsilon));
    }

    private static void AddPair(Plot plot, DensityGrid grid)
    {
        var shades = Shades.Of(grid);
        var map = plot.Add.Heatmap(shades.Clip(grid));
        map.Extent = new CoordinateRect(grid.X.Low, grid.X.High, grid.Y.Low, grid.Y.High);
        map.FlipVertically = true;
        map.Colormap = new Viridis();
        map.ManualRange = new ScottPlot.Range(shades.Floor, shades.Top);
        plot.Axes.SetLimits(grid.X.Low, grid.X.High, grid.Y.Low, grid.Y.High);
    }
}
