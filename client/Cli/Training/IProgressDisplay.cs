using FlowGrain.Training;

namespace FlowGrain.Cli.Training;

/// <summary>Shows a run while it goes on.</summary>
internal interface IProgressDisplay
{
    /// <summary>Shows every update; returns the last.</summary>
    Task<RunProgress> Follow(IAsyncEnumerable<RunProgress> updates);
}

/// <summary>Chooses by what stderr is.</summary>
internal static class ProgressDisplays
{
    internal static IProgressDisplay For(Invocation cli)
    {
        if (cli.Quiet) return new SilentProgress();
        return cli.Terminal.ErrorIsTerminal
            ? new LiveProgress(cli.Talk, cli.Terminal.Width, cli.Host.Clock)
            : new PlainProgress(cli.Talk, cli.Host.Clock);
    }
}
