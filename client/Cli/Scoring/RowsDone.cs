using FlowGrain.Cli.Output;
using Spectre.Console;

namespace FlowGrain.Cli.Scoring;

/// <summary>Says how far a bulk job is: in place on a terminal, every ten seconds elsewhere.</summary>
internal sealed class RowsDone : IProgress<long>, IDisposable
{
    private readonly Invocation _cli;
    private long _written;

    private RowsDone(Invocation cli)
    {
        _cli = cli;
        _written = cli.Host.Clock.GetTimestamp();
    }

    /// <summary>Null where nobody wants to know.</summary>
    internal static RowsDone? For(Invocation cli) => cli.Quiet ? null : new(cli);

    /// <inheritdoc />
    public void Report(long value)
    {
        if (value == 0) return;
        var line = $"{Figures.Count(value)} rows, {Figures.Rate(value / Math.Max(_cli.Seconds, 1e-3))}";
        if (_cli.Terminal.ErrorIsTerminal) _cli.Talk.Show(new Text(line));
        else if (_cli.Host.Clock.GetElapsedTime(_written).TotalSeconds >= 10) Log(line);
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose() => _cli.Talk.Clear();

    private void Log(string line)
    {
        _cli.Say(line);
        _written = _cli.Host.Clock.GetTimestamp();
    }
}
