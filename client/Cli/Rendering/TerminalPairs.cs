using FlowGrain.Cli.Output;

namespace FlowGrain.Cli.Rendering;

/// <summary>Every pair of columns in the terminal.</summary>
internal static class TerminalPairs
{
    private const int Gap = 1, LargestCell = 28, SmallestCell = 4; // characters; a cell has two by four dots or one by two pixels in each

    internal static IEnumerable<string> Lines(IReadOnlyList<Axis> axes, IReadOnlyList<double[]> samples, Terminal terminal)
    {
        var size = Math.Clamp(((terminal.Width + Gap) / axes.Count) - Gap, SmallestCell, LargestCell) / 2 * 2;
        for (var row = 0; row < axes.Count; row++)
        {
            yield return Fitting.Cut(axes[row].Name, terminal.Width);
            var cells = Enumerable.Range(0, row + 1).Select(column => Cell(axes, samples, row, column, size, terminal).ToArray()).ToArray();
            for (var line = 0; line < size / 2; line++) yield return string.Join(new string(' ', Gap), cells.Select(cell => cell[line]));
        }
        yield return string.Join(new string(' ', Gap), axes.Select(axis => Fitting.Cut(axis.Name, size).PadRight(size))).TrimEnd();
    }

    private static IEnumerable<string> Cell(IReadOnlyList<Axis> axes, IReadOnlyList<double[]> samples, int row, int column, int size, Terminal terminal)
    {
        if (row == column) return Marginal(axes[row], samples[row], size);
        var grid = Histogram.Plane([samples[column], samples[row]], axes[column], axes[row], size, size);
        return HalfBlocks.Draw(HeatImage.Of(grid), terminal.OutIsTerminal ? terminal.Color : ColorDepth.None);
    }

    private static IEnumerable<string> Marginal(Axis axis, double[] values, int size)
    {
        var heights = Histogram.Line(values, axis, 2 * size);
        return BrailleChart.Draw(heights, 0, heights.Max(), size, size / 2);
    }
}
