namespace FlowGrain.Cli.Rendering;

/// <summary>The density of one column as a curve.</summary>
internal static class CurvePicture
{
    private const int Width = 900, Height = 560;

    internal static PictureSheet Draw(DensityCurve curve, string title)
    {
        var plot = PlotStyle.New(title, curve.Axis.Name, $"density ({curve.Origin})", Width, Height);
        var line = plot.Add.ScatterLine(curve.Positions, curve.Density, PlotStyle.Blue);
        line.LineWidth = 2;
        PlotStyle.Filled(line);
        plot.Axes.Margins(bottom: 0);
        plot.Axes.Bottom.TickGenerator = Ticks.Automatic(curve.Axis);
        var sheet = new PictureSheet(Width, Height);
        sheet.Place(plot, 0, 0, Width, Height);
        return sheet;
    }
}
