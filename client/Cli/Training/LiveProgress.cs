using FlowGrain.Training;
using Spectre.Console;

namespace FlowGrain.Cli.Training;

/// <summary>Two lines that stay in place: a bar with figures, the losses with their curve.</summary>
internal sealed class LiveProgress(IAnsiConsole console, int width) : IProgressDisplay
{
    private readonly LossTrace _trace = new();

    /// <inheritdoc />
    public async Task<RunProgress> Follow(IAsyncEnumerable<RunProgress> updates)
    {
        RunProgress? last = null;
        await console.Live(Text.Empty).AutoClear(false).StartAsync(async live =>
        {
            await foreach (var progress in updates)
            {
                last = progress;
                _trace.Add(progress);
                live.UpdateTarget(ProgressView.Of(progress, _trace.Losses, width));
            }
        });
        return last!;
    }
}
