using FlowGrain.Data;
using Spectre.Console;

namespace FlowGrain.Cli.Output;

/// <summary>Says how far a job is with a file: in place on a terminal, every ten seconds elsewhere. It is gone when the job is done.</summary>
internal sealed class ReadingLine : IProgress<ReadingProgress>, IDisposable
{
    private readonly Invocation _cli;
    private readonly string _what;
    private readonly double _begun;
    private long _written;

    private ReadingLine(Invocation cli, string what)
    {
        (_cli, _what, _begun) = (cli, what, cli.Seconds);
        _written = cli.Host.Clock.GetTimestamp();
    }

    /// <summary>Null where nobody wants to know.</summary>
    /// <param name="cli">Where to say it.</param>
    /// <param name="verb">What the job does: <c>reading</c>.</param>
    /// <param name="file">The file.</param>
    internal static ReadingLine? For(Invocation cli, string verb, string file) => cli.Quiet ? null : new(cli, $"{verb} {Path.GetFileName(file)}");

    /// <inheritdoc />
    public void Report(ReadingProgress value)
    {
        var rate = Figures.Rate(value.Rows / Math.Max(_cli.Seconds - _begun, 1e-3));
        var line = $"{_what}: {100 * value.Fraction:0}%, {Figures.Bytes(value.Bytes)}, {Figures.Of(value.Rows, "row")}, {rate}";
        if (_cli.Terminal.ErrorIsTerminal) _cli.Talk.Show(new Text(line));
        else if (_cli.Host.Clock.GetElapsedTime(_written).TotalSeconds >= 10) Log(line);
    }

    /// <inheritdoc />
    public void Dispose() => _cli.Talk.Clear();

    private void Log(string line)
    {
        _cli.Say(line);
        _written = _cli.Host.Clock.GetTimestamp();
    }
}
