using ScottPlot;

namespace FlowGrain.Cli.Rendering;

/// <summary>A histogram of every coordinate of the latents, under the curve of the base.</summary>
internal static class LatentPicture
{
    private const int Width = 280, Height = 190, Bins = 64, Points = 161;
    private const double Room = 1.25; // above the highest bar, for the figures

    internal static PictureSheet Draw(IReadOnlyList<LatentCoordinate> coordinates, IReadOnlyList<string> title)
    {
        var layout = new PanelSheet(coordinates.Count, title, Width, Height);
        var sheet = layout.Begin();
        var highest = coordinates.Max(coordinate => Math.Max(Latents(coordinate).Density.Max(), Expected(coordinate).Density.Max()));
        foreach (var (index, coordinate) in coordinates.Index()) layout.Place(sheet, Panel(layout, coordinate, new("", 0, Room * highest)), index);
        return sheet;
    }

    private static Plot Panel(PanelSheet layout, LatentCoordinate coordinate, Axis density)
    {
        var (latents, expected) = (Latents(coordinate), Expected(coordinate));
        var plot = layout.Panel(coordinate.Name, latents.Axis, density);
        foreach (var bar in plot.Add.Bars(latents.Positions, latents.Density).Bars)
            (bar.FillColor, bar.LineWidth, bar.Size) = (PlotStyle.Blue.WithAlpha(0.45), 0, (latents.Axis.High - latents.Axis.Low) / Bins);
        plot.Add.ScatterLine(expected.Positions, expected.Density, PlotStyle.Vermilion).LineWidth = 2;
        var figures = plot.Add.Annotation(string.Join('\n', coordinate.Words), Alignment.UpperLeft);
        (figures.LabelFontSize, figures.LabelBackgroundColor, figures.LabelBorderWidth, figures.LabelShadowColor) = (PlotStyle.TickSize - 1, Colors.Transparent, 0, Colors.Transparent);
        plot.Axes.SetLimits(latents.Axis.Low, latents.Axis.High, density.Low, density.High);
        return plot;
    }

    private static DensityCurve Latents(LatentCoordinate coordinate) =>
        new(coordinate.Base.Axis, Histogram.Line(coordinate.Values, coordinate.Base.Axis, Bins), Histogram.Origin(coordinate.Values));

    private static DensityCurve Expected(LatentCoordinate coordinate) =>
        new(coordinate.Base.Axis, coordinate.Base.Density(coordinate.Base.Axis, double.IsFinite(coordinate.Base.Draws) ? Bins : Points), coordinate.Name);
}
