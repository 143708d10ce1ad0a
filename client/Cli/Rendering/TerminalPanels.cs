using FlowGrain.Cli.Output;

namespace FlowGrain.Cli.Rendering;

/// <summary>Small pictures with titles in the terminal, as many beside one another as there is room for.</summary>
internal static class TerminalPanels
{
    private const int Gap = 2, Widest = 26, Narrowest = 8;

    /// <summary>Characters across one.</summary>
    internal static int Width(Terminal terminal) => Math.Clamp(terminal.Width, Narrowest, Widest) / 2 * 2;

    /// <summary>The lines of them all.</summary>
    /// <param name="panels">Every panel: what stands above it, below it, and its lines of <see cref="Width"/> characters that show.</param>
    /// <param name="terminal">Where they are shown.</param>
    internal static IEnumerable<string> Lines(IReadOnlyList<(string Above, string[] Picture, string Below)> panels, Terminal terminal)
    {
        var width = Width(terminal);
        foreach (var row in panels.Chunk(Math.Max(1, (terminal.Width + Gap) / (width + Gap))))
        {
            yield return Words(row.Select(panel => panel.Above));
            for (var line = 0; line < row[0].Picture.Length; line++) yield return string.Join(new string(' ', Gap), row.Select(panel => panel.Picture[line]));
            if (row.Any(panel => panel.Below.Length > 0)) yield return Words(row.Select(panel => panel.Below));
        }

        string Words(IEnumerable<string> texts) => string.Join(new string(' ', Gap), texts.Select(text => Fitting.Cut(text, width).PadRight(width))).TrimEnd();
    }
}
