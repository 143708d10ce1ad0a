using System.Text;

namespace FlowGrain.Cli.Rendering;

/// <summary>A curve in a terminal: every character is two by four dots.</summary>
internal static class BrailleChart
{
    private const char Empty = '\u2800';
    private static readonly int[,] Dots = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } }; // [row, column] of a character

    /// <summary>The curve from top to bottom; values outside the range lie on its edge.</summary>
    internal static IEnumerable<string> Draw(IReadOnlyList<double> values, double low, double high, int width, int height)
    {
        var cells = new int[height, width];
        int? last = null;
        for (var x = 0; x < 2 * width; x++)
        {
            var value = values[(int)((long)x * (values.Count - 1) / Math.Max(1, (2 * width) - 1))];
            int? level = double.IsFinite(value) ? Level(value, low, high, 4 * height) : null;
            if (level is { } y) Join(cells, x, last ?? y, y);
            last = level;
        }
        return Enumerable.Range(0, height).Select(row => Line(cells, row, width));
    }

    /// <summary>A line of two charts of equal size, the dots of both.</summary>
    internal static string Over(string one, string other) => string.Concat(one.Zip(other, (a, b) => (char)(a | b)));

    private static int Level(double value, double low, double high, int dots)
    {
        var share = high > low ? Math.Clamp((value - low) / (high - low), 0, 1) : 0;
        return dots - 1 - (int)Math.Round(share * (dots - 1));
    }

    // A steep curve leaves no gap: the stroke begins one dot beside where the last one ended.
    private static void Join(int[,] cells, int x, int from, int to)
    {
        Set(cells, x, to);
        for (var y = from + Math.Sign(to - from); y != to && from != to; y += Math.Sign(to - from)) Set(cells, x, y);
    }

    private static void Set(int[,] cells, int x, int y) => cells[y / 4, x / 2] |= Dots[y % 4, x % 2];

    private static string Line(int[,] cells, int row, int width)
    {
        var text = new StringBuilder(width);
        for (var column = 0; column < width; column++) text.Append((char)(Empty + cells[row, column]));
        return text.ToString();
    }
}
