using ScottPlot;
using ScottPlot.Colormaps;

namespace FlowGrain.Cli.Rendering;

/// <summary>A density as a heat map, with the data beside it where there is any.</summary>
internal static class DensityPicture
{
    private const int PanelWidth = 820, Height = 640, BarWidth = 90;

    internal static PictureSheet Draw(DensityGrid grid, string title, PointCloud? data)
    {
        var left = data is null ? 0 : PanelWidth;
        var sheet = new PictureSheet(left + PanelWidth + BarWidth, Height);
        if (data is not null) sheet.Place(DataPanel(grid, data), 0, 0, PanelWidth, Height);
        sheet.Place(FlowPanel(grid, title), left, 0, PanelWidth + BarWidth, Height);
        return sheet;
    }

    private static Plot FlowPanel(DensityGrid grid, string title)
    {
        var shades = Shades.Of(grid);
        var plot = PlotStyle.New(title, grid.X.Name, grid.Y.Name, PanelWidth, Height);
        var map = plot.Add.Heatmap(shades.Clip(grid));
        map.Extent = new CoordinateRect(grid.X.Low, grid.X.High, grid.Y.Low, grid.Y.High);
        map.FlipVertically = true; // our row 0 is the lowest y
        map.Smooth = true;
        map.Colormap = new Viridis();
        map.ManualRange = new ScottPlot.Range(shades.Floor, shades.Top);
        var bar = plot.Add.ColorBar(map);
        bar.Label = $"log-density, nats ({grid.Origin})";
        bar.LabelStyle.FontSize = 13;
        bar.LabelStyle.Bold = false;
        Frame(plot, grid);
        return plot;
    }

    private static Plot DataPanel(DensityGrid grid, PointCloud data)
    {
        var plot = PlotStyle.New($"the data: {data.X.Length:#,0} rows", grid.X.Name, grid.Y.Name, PanelWidth, Height);
        plot.DataBackground.Color = new Viridis().GetColor(0);
        plot.Add.ScatterPoints(data.X, data.Y, Color.FromHex("#FDE725").WithAlpha(0.5)).MarkerSize = 1.6f;
        Frame(plot, grid);
        return plot;
    }

    private static void Frame(Plot plot, DensityGrid grid)
    {
        plot.Grid.IsVisible = false;
        plot.Axes.SetLimits(grid.X.Low, grid.X.High, grid.Y.Low, grid.Y.High);
        plot.Axes.Bottom.TickGenerator = Ticks.Automatic(grid.X);
        plot.Axes.Left.TickGenerator = Ticks.Automatic(grid.Y);
    }
}
