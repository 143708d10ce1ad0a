using ScottPlot;
using ScottPlot.Colormaps;

namespace FlowGrain.Cli.Rendering;

/// <summary>How a flow bends its base into the data: the same draws after every layer, coloured by where in the base they began.</summary>
internal static class LayersPicture
{
    private const int Size = 220, Bands = 24, Bins = 48;
    private const double Farthest = 3; // deviations from the middle of the base that are drawn darkest

    private static readonly Viridis Colors = new();

    internal static PictureSheet Draw(IReadOnlyList<LayerCloud> layers, IReadOnlyList<string> title, bool isPlane)
    {
        var layout = new PanelSheet(layers.Count, title, Size, Size);
        var sheet = layout.Begin();
        var bands = layers[0].Points.X.Select((_, i) => Band(layers[0].Points, i, isPlane)).ToArray();
        foreach (var (index, layer) in layers.Index()) layout.Place(sheet, isPlane ? Plane(layout, layer, bands) : Line(layout, layer), index);
        return sheet;
    }

    private static int Band(PointCloud draws, int i, bool isPlane)
    {
        var distance = isPlane ? Math.Sqrt(((draws.X[i] * draws.X[i]) + (draws.Y[i] * draws.Y[i])) / 2) : Math.Abs(draws.X[i]);
        return (int)Math.Clamp(Bands * (1 - (distance / Farthest)), 0, Bands - 1);
    }

    // The outermost first, so that the middle lies on top.
    private static Plot Plane(PanelSheet layout, LayerCloud layer, int[] bands)
    {
        var plot = layout.Panel(layer.Title, layer.X, layer.Y);
        plot.DataBackground.Color = Colors.GetColor(0);
        foreach (var band in bands.Index().GroupBy(band => band.Item, band => band.Index).OrderBy(group => group.Key))
        {
            double[] x = [.. band.Select(i => layer.Points.X[i])], y = [.. band.Select(i => layer.Points.Y[i])];
            plot.Add.ScatterPoints(x, y, Colors.GetColor((band.Key + 3) / (Bands + 2.0))).MarkerSize = 2.2f; // the darkest is not that of the ground
        }

        plot.Axes.SetLimits(layer.X.Low, layer.X.High, layer.Y.Low, layer.Y.High);
        return plot;
    }

    private static Plot Line(PanelSheet layout, LayerCloud layer)
    {
        var curve = new DensityCurve(layer.X, Histogram.Line(layer.Points.X, layer.X, Bins), Histogram.Origin(layer.Points.X));
        var plot = layout.Panel(layer.Title, layer.X, new("", 0, 1.1 * Math.Max(curve.Density.Max(), double.Epsilon)));
        PlotStyle.Filled(plot.Add.ScatterLine(curve.Positions, curve.Density, PlotStyle.Blue));
        return plot;
    }
}
