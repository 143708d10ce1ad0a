using ScottPlot;

namespace FlowGrain.Cli.Rendering;

/// <summary>The look that all pictures share.</summary>
internal static class PlotStyle
{
    internal const float TitleSize = 15, NameSize = 13, TickSize = 12;

    private const float Beside = 60, Above = 110; // pixels that names and title leave at the ends of their lines

    /// <summary>Okabe–Ito blue and vermilion: told apart with any colour vision.</summary>
    internal static Color Blue { get; } = Color.FromHex("#0072B2");

    /// <inheritdoc cref="Blue" />
    internal static Color Vermilion { get; } = Color.FromHex("#D55E00");

    /// <summary>A plot of a size in pixels, with words that fit into it.</summary>
    internal static Plot New(string title, string x, string y, int width, int height)
    {
        var plot = New(PictureText.Cut(x, width - Above, NameSize), PictureText.Cut(y, height - Above, NameSize));
        plot.Title(string.Join('\n', PictureText.Lines(title, width - Beside, TitleSize)), size: TitleSize);
        plot.Axes.Title.Label.Bold = false;
        plot.Axes.Bottom.TickGenerator = Ticks.Automatic();
        plot.Axes.Left.TickGenerator = Ticks.Automatic();
        return plot;
    }

    /// <summary>Tints what lies below a curve.</summary>
    internal static void Filled(ScottPlot.Plottables.Scatter line)
    {
        line.FillY = true;
        line.FillYColor = Blue.WithAlpha(0.15);
    }

    /// <summary>A plot without title whose marks and room are the caller's.</summary>
    internal static Plot New(string x, string y)
    {
        var plot = new Plot();
        PictureFonts.Apply(plot);
        plot.XLabel(x, size: NameSize);
        plot.YLabel(y, size: NameSize);
        plot.Axes.Bottom.Label.Bold = false;
        plot.Axes.Left.Label.Bold = false;
        return plot;
    }
}
