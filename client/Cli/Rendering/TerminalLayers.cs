using FlowGrain.Cli.Output;

namespace FlowGrain.Cli.Rendering;

/// <summary>How a flow bends its base into the data, in the terminal.</summary>
internal static class TerminalLayers
{
    internal static IEnumerable<string> Lines(IReadOnlyList<LayerCloud> layers, Terminal terminal, bool isPlane) =>
        TerminalPanels.Lines([.. layers.Select(layer => (layer.Title, isPlane ? Plane(layer, terminal) : Line(layer, terminal), ""))], terminal);

    private static string[] Plane(LayerCloud layer, Terminal terminal)
    {
        var size = TerminalPanels.Width(terminal);
        var grid = Histogram.Plane([layer.Points.X, layer.Points.Y], layer.X, layer.Y, size, size);
        return [.. HalfBlocks.Draw(HeatImage.Of(grid), terminal.OutIsTerminal ? terminal.Color : ColorDepth.None)];
    }

    private static string[] Line(LayerCloud layer, Terminal terminal)
    {
        var size = TerminalPanels.Width(terminal);
        var heights = Histogram.Line(layer.Points.X, layer.X, 2 * size);
        return [.. BrailleChart.Draw(heights, 0, heights.Max(), size, size / 4)];
    }
}
