using FlowGrain.Cli.Output;

namespace FlowGrain.Cli.Rendering;

/// <summary>A curve with its scale in the terminal.</summary>
internal static class TerminalCurve
{
    private const int Gutter = 10, Height = 12, Widest = 120;
    private const double TopShare = 0.97; // the fall of the first steps would flatten all that follows

    /// <summary>A density over its column.</summary>
    internal static IEnumerable<string> OfDensity(DensityCurve curve, Terminal terminal) =>
        Lines(curve.Density, (0, curve.Density.Max()), ($"{Figures.Value(curve.Axis.Low)}  {curve.Axis.Name}", Figures.Value(curve.Axis.High)), terminal);

    /// <summary>Losses over steps; the highest lie on the upper edge.</summary>
    internal static IEnumerable<string> OfLosses(IReadOnlyList<double> losses, long lastStep, Terminal terminal)
    {
        var sorted = losses.Where(double.IsFinite).Order().ToArray();
        if (sorted.Length == 0) return [];
        var range = (sorted[0], sorted[(int)(TopShare * (sorted.Length - 1))]);
        return Lines(losses, range, ("training loss, nats per row", $"step {Figures.Count(lastStep)}"), terminal);
    }

    private static IEnumerable<string> Lines(
        IReadOnlyList<double> values, (double Low, double High) range, (string Left, string Right) labels, Terminal terminal)
    {
        var (low, high) = range;
        var (left, right) = labels;
        var width = Math.Min(Widest, terminal.Width - Gutter - 1);
        foreach (var (row, line) in BrailleChart.Draw(values, low, high, width, Height).Index())
            yield return $"{(row == 0 ? Figures.Value(high) : row == Height - 1 ? Figures.Value(low) : ""),Gutter - 1} {line}";
        yield return $"{"",Gutter}{left.PadRight(Math.Max(left.Length + 1, width - right.Length))}{right}";
    }
}
