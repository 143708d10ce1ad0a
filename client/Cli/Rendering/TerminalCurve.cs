using FlowGrain.Cli.Output;

namespace FlowGrain.Cli.Rendering;

/// <summary>A curve with its scale in the terminal.</summary>
internal static class TerminalCurve
{
    private const int Gutter = 10, Height = 12, Widest = 120;

    /// <summary>A density over its column.</summary>
    internal static IEnumerable<string> Lines(IReadOnlyList<double> values, Axis axis, Terminal terminal) =>
        Lines(values, $"{Figures.Value(axis.Low)}  {axis.Name}", Figures.Value(axis.High), terminal, top: 1);

    /// <summary>Any curve between two labels; values above the <paramref name="top"/> quantile lie on the upper edge.</summary>
    internal static IEnumerable<string> Lines(IReadOnlyList<double> values, string left, string right, Terminal terminal, double top)
    {
        var sorted = values.Where(double.IsFinite).Order().ToArray();
        if (sorted.Length == 0) yield break;
        var (low, high) = (sorted[0], sorted[(int)(top * (sorted.Length - 1))]);
        var width = Math.Min(Widest, terminal.Width - Gutter - 1);
        foreach (var (row, line) in BrailleChart.Draw(values, low, high, width, Height).Index())
            yield return $"{(row == 0 ? Figures.Value(high) : row == Height - 1 ? Figures.Value(low) : ""),Gutter - 1} {line}";
        yield return $"{"",Gutter}{left.PadRight(Math.Max(left.Length + 1, width - right.Length))}{right}";
    }
}
