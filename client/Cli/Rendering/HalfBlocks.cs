using System.Text;
using FlowGrain.Cli.Output;

namespace FlowGrain.Cli.Rendering;

/// <summary>
/// Pictures in a terminal: every character is two pixels, the upper in the foreground of <c>▀</c>, the lower in its
/// background. Without colours a ramp of characters takes their place, one a pair of pixels.
/// </summary>
internal static class HalfBlocks
{
    private const string Ramp = " .:-=+*#%@";

    /// <summary>The lines of the picture, half as many as its pixels are high.</summary>
    internal static IEnumerable<string> Draw(HeatImage image, ColorDepth depth) => Enumerable
        .Range(0, image.Height / 2)
        .Select(line => depth == ColorDepth.None ? Grey(image, 2 * line) : Colored(image, 2 * line, depth));

    private static string Colored(HeatImage image, int row, ColorDepth depth)
    {
        var text = new StringBuilder();
        var last = "";
        for (var column = 0; column < image.Width; column++)
        {
            var code = image.Color(row, column).Foreground(depth) + image.Color(row + 1, column).Background(depth);
            text.Append(code == last ? "" : code).Append('▀');
            last = code;
        }
        return text.Append(Pixel.Reset).ToString();
    }

    private static string Grey(HeatImage image, int row) => string.Create(image.Width, (image, row), static (text, from) =>
    {
        for (var column = 0; column < text.Length; column++)
        {
            var brightness = (from.image[from.row, column] + from.image[from.row + 1, column]) / 2;
            text[column] = Ramp[(int)Math.Round(brightness * (Ramp.Length - 1))];
        }
    });
}
