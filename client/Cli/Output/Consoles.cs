using Spectre.Console;

namespace FlowGrain.Cli.Output;

/// <summary>Spectre consoles over our own writers.</summary>
internal static class Consoles
{
    internal static IAnsiConsole For(TextWriter writer, bool isTerminal, Terminal terminal)
    {
        var colored = isTerminal && terminal.Color != ColorDepth.None;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = !colored ? ColorSystemSupport.NoColors
                : terminal.Color == ColorDepth.True ? ColorSystemSupport.TrueColor : ColorSystemSupport.EightBit,
            Interactive = isTerminal ? InteractionSupport.Yes : InteractionSupport.No, // Spectre would look at stdout alone
        });
        console.Profile.Width = terminal.Width;
        console.Profile.Capabilities.Unicode = true; // it would fall back to +-| where the locale says nothing
        return console;
    }
}
