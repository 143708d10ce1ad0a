using ScottPlot;

namespace FlowGrain.Cli.Rendering;

/// <summary>The look that all pictures share.</summary>
internal static class PlotStyle
{
    /// <summary>Okabe–Ito blue and vermilion: told apart with any colour vision.</summary>
    internal static Color Blue { get; } = Color.FromHex("#0072B2");

    /// <inheritdoc cref="Blue" />
    internal static Color Vermilion { get; } = Color.FromHex("#D55E00");

    internal static Plot New(string title, string x, string y)
    {
        var plot = new Plot();
        PictureFonts.Apply(plot);
        plot.Title(title, size: 15);
        plot.XLabel(x, size: 13);
        plot.YLabel(y, size: 13);
        plot.Axes.Title.Label.Bold = false;
        plot.Axes.Bottom.Label.Bold = false;
        plot.Axes.Left.Label.Bold = false;
        return plot;
    }
}
