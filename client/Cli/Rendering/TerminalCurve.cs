using FlowGrain.Cli.Output;

namespace FlowGrain.Cli.Rendering;

/// <summary>A curve with its scale in the terminal.</summary>
internal static class TerminalCurve
{
    /// <summary>Lines of a curve without its axis.</summary>
    internal const int Height = 12;

    private const int Gutter = 12, Widest = 120; // the longest figure is like -3.5154E+05

    /// <summary>Characters across.</summary>
    internal static int Width(Terminal terminal) => Math.Min(Widest, terminal.Width - Gutter - 1);

    /// <summary>A density over its column.</summary>
    internal static IEnumerable<string> OfDensity(DensityCurve curve, Terminal terminal)
    {
        var (axis, highest) = (curve.Axis, curve.Density.Max());
        return Framed(
            BrailleChart.Draw(curve.Density, 0, highest, Width(terminal), Height), (0, highest), ($"{axis.Figure(axis.Low)}  {axis.Name}", axis.Figure(axis.High)), terminal);
    }

    /// <summary>The lines of a chart between its scales.</summary>
    /// <param name="chart">The chart, from top to bottom.</param>
    /// <param name="range">The values of its lower and its upper edge.</param>
    /// <param name="labels">What stands below its left and its right end.</param>
    /// <param name="terminal">Where it is shown.</param>
    internal static IEnumerable<string> Framed(IEnumerable<string> chart, (double Low, double High) range, (string Left, string Right) labels, Terminal terminal)
    {
        foreach (var (row, line) in chart.Index())
            yield return $"{(row == 0 ? Figures.Value(range.High) : row == Height - 1 ? Figures.Value(range.Low) : ""),Gutter - 1} {line}";
        var left = Fitting.Cut(labels.Left, Width(terminal) - labels.Right.Length - 1);
        yield return $"{"",Gutter}{left.PadRight(Math.Max(left.Length + 1, Width(terminal) - labels.Right.Length))}{labels.Right}";
    }
}
