using ScottPlot;
using SkiaSharp;

namespace FlowGrain.Cli.Rendering;

/// <summary>The typeface that ships with the program: on a machine without fonts text would vanish silently.</summary>
internal static class PictureFonts
{
    internal const string Family = "DejaVu Sans";

    private static readonly Lazy<string> Registered = new(Register);

    /// <summary>Makes every word of a plot use it.</summary>
    internal static void Apply(Plot plot) => plot.Font.Set(Registered.Value);

    /// <summary>The typeface itself; the caller disposes it.</summary>
    internal static SKTypeface Typeface() => Fonts.GetTypeface(Registered.Value, bold: false, italic: false);

    private static string Register()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Rendering", "Fonts");
        Fonts.AddFontFile(Family, Path.Combine(folder, "DejaVuSans.ttf"), bold: false, italic: false);
        Fonts.AddFontFile(Family, Path.Combine(folder, "DejaVuSans-Bold.ttf"), bold: true, italic: false);
        Fonts.Default = Family;
        return Family;
    }
}
