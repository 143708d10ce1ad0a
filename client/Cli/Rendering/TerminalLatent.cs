using FlowGrain.Cli.Output;

namespace FlowGrain.Cli.Rendering;

/// <summary>Every coordinate of latents in the terminal, and the base beside it.</summary>
internal static class TerminalLatent
{
    private const int Height = 6;

    internal static IEnumerable<string> Lines(IReadOnlyList<LatentCoordinate> coordinates, Terminal terminal) =>
        TerminalPanels.Lines([.. coordinates.Select(coordinate => ($"{coordinate.Name}  {coordinate.Words[^1]}", Picture(coordinate, terminal), string.Join(' ', [LatentCoordinate.Figure(coordinate.Mean), "±", LatentCoordinate.Figure(coordinate.Deviation)])))], terminal);

    private static string[] Picture(LatentCoordinate coordinate, Terminal terminal)
    {
        var (axis, width) = (coordinate.Base.Axis, TerminalPanels.Width(terminal));
        double[] latents = Histogram.Line(coordinate.Values, axis, width), expected = coordinate.Base.Density(axis, width);
        var highest = Math.Max(latents.Max(), expected.Max());
        return [.. Chart(latents).Zip(Chart(expected), BrailleChart.Over)];

        IEnumerable<string> Chart(double[] values) => BrailleChart.Draw(values, 0, highest, width, Height);
    }
}
