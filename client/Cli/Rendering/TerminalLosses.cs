using System.Text;
using FlowGrain.Cli.Output;
using FlowGrain.Training;

namespace FlowGrain.Cli.Rendering;

/// <summary>The losses of a run in the terminal: training as a curve, validations as points over it.</summary>
internal static class TerminalLosses
{
    private static readonly Pixel Vermilion = new(0xD5, 0x5E, 0x00); // as in the picture

    internal static IEnumerable<string> Of(IReadOnlyList<LossPoint> losses, string objective, Terminal terminal)
    {
        if (LossRange.Of(losses) is not { } range) return ["No loss was finite."];
        var chart = BrailleChart.Draw([.. losses.Select(point => point.TrainNats)], range.Low, range.High, TerminalCurve.Width(terminal), TerminalCurve.Height);
        var marks = Marks(losses, range, TerminalCurve.Width(terminal)).ToHashSet();
        var color = terminal.OutIsTerminal ? terminal.Color : ColorDepth.None;
        return TerminalCurve.Framed(
            chart.Select((line, row) => Marked(line, column => marks.Contains((row, column)), color)), (range.Low, range.High),
            ($"training{(marks.Count == 0 ? "" : ", validation •")}, {Losses.Unit(objective)}", $"step {Figures.Count(losses[^1].Step)}"), terminal);
    }

    private static IEnumerable<(int Row, int Column)> Marks(IReadOnlyList<LossPoint> losses, LossRange range, int width) =>
        from point in losses.Index()
        where point.Item.ValidationNats is { } nats && double.IsFinite(nats)
        select (range.Row(point.Item.ValidationNats!.Value, TerminalCurve.Height), point.Index * (width - 1) / Math.Max(1, losses.Count - 1));

    private static string Marked(string line, Func<int, bool> isMark, ColorDepth color)
    {
        var (begin, end) = color == ColorDepth.None ? ("", "") : (Vermilion.Foreground(color), Pixel.Reset);
        var text = new StringBuilder();
        foreach (var (column, character) in line.Index())
        {
            if (isMark(column)) text.Append(begin).Append('•').Append(end);
            else text.Append(character);
        }

        return text.ToString();
    }
}
