using ScottPlot;
using ScottPlot.Colormaps;

namespace FlowGrain.Cli.Rendering;

/// <summary>Every pair of columns as a small heat map, every column alone on the diagonal.</summary>
internal static class PairsPicture
{
    private const int HeaderHeight = 44, LargestCell = 340, SmallestCell = 200, SheetAim = 1200;
    private const int Bins = 96;

    internal static PictureSheet Draw(IReadOnlyList<Axis> axes, IReadOnlyList<double[]> samples, string title)
    {
        var cell = Math.Clamp(SheetAim / axes.Count, SmallestCell, LargestCell);
        var sheet = new PictureSheet(cell * axes.Count, HeaderHeight + (cell * axes.Count));
        sheet.Place(Header(title), 0, 0, cell * axes.Count, HeaderHeight);
        for (var row = 0; row < axes.Count; row++)
            for (var column = 0; column <= row; column++)
                sheet.Place(Cell(axes, samples, row, column), column * cell, HeaderHeight + (row * cell), cell, cell);
        return sheet;
    }

    private static Plot Cell(IReadOnlyList<Axis> axes, IReadOnlyList<double[]> samples, int row, int column)
    {
        var plot = PlotStyle.New("", row == axes.Count - 1 ? axes[column].Name : "", column == 0 ? axes[row].Name : "");
        plot.Grid.IsVisible = false;
        if (row == column) AddMarginal(plot, axes[row], samples[row]);
        else AddPair(plot, Histogram.Plane([samples[column], samples[row]], axes[column], axes[row], Bins, Bins));
        return plot;
    }

    private static void AddMarginal(Plot plot, Axis axis, double[] values)
    {
        var curve = new DensityCurve(axis, Histogram.Line(values, axis, Bins));
        var line = plot.Add.ScatterLine(curve.Positions, curve.Density, PlotStyle.Blue);
        line.FillY = true;
        line.FillYColor = PlotStyle.Blue.WithAlpha(0.15);
        plot.Axes.SetLimits(axis.Low, axis.High, 0, 1.08 * Math.Max(curve.Density.Max(), double.Epsilon));
        plot.Axes.Left.TickLabelStyle.IsVisible = false; // the height of a marginal says nothing across cells
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

    private static Plot Header(string title)
    {
        var plot = PlotStyle.New("", "", "");
        plot.HideGrid();
        plot.Layout.Frameless();
        var words = plot.Add.Annotation(title, Alignment.MiddleCenter);
        words.LabelFontName = PictureFonts.Family;
        words.LabelFontSize = 15;
        words.LabelBackgroundColor = words.LabelBorderColor = words.LabelShadowColor = Colors.Transparent;
        return plot;
    }
}
