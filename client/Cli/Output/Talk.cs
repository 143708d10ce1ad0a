using Spectre.Console.Rendering;

namespace FlowGrain.Cli.Output;

/// <summary>Everything that a command says on stderr. A line may come from any thread; it never tears the picture that is redrawn below it.</summary>
/// <param name="writer">Where it goes.</param>
/// <param name="terminal">What that is.</param>
internal sealed class Talk(TextWriter writer, Terminal terminal)
{
    private readonly Lock _one = new();
    private string _picture = "";

    /// <summary>A line that stays.</summary>
    internal void Line(string line)
    {
        lock (_one) writer.Write($"{Erasure()}{line}\n{_picture}");
    }

    /// <summary>Draws a picture in the place of the one before; for terminals.</summary>
    internal void Show(IRenderable picture)
    {
        var drawn = Drawn(picture);
        lock (_one)
        {
            writer.Write(Erasure() + drawn);
            _picture = drawn;
        }
    }

    /// <summary>The picture stays as it is; what comes goes below.</summary>
    internal void Keep()
    {
        lock (_one) _picture = "";
    }

    /// <summary>Takes the picture away.</summary>
    internal void Clear()
    {
        lock (_one)
        {
            writer.Write(Erasure());
            _picture = "";
        }
    }

    // The cursor stands below the picture.
    private string Erasure() => _picture == "" ? "" : $"\r\e[{_picture.Count(character => character == '\n')}A\e[J";

    private string Drawn(IRenderable picture)
    {
        using var text = new StringWriter();
        Consoles.For(text, isTerminal: true, terminal).Write(picture);
        return text.ToString().TrimEnd('\n') + "\n";
    }
}
