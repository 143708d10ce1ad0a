using FlowGrain.Cli.Output;
using FlowGrain.Training;

namespace FlowGrain.Cli.Training;

/// <summary>Two lines that stay in place: a bar with figures, the losses with their curve.</summary>
internal sealed class LiveProgress(Talk talk, int width, TimeProvider clock) : IProgressDisplay
{
    private readonly LossTrace _trace = new();
    private readonly TimeLeft _left = new(clock);
    private readonly Handover _handover = new(talk, clock);

    /// <inheritdoc />
    public async Task<RunProgress> Follow(IAsyncEnumerable<RunProgress> updates)
    {
        RunProgress? last = null;
        try
        {
            await foreach (var update in updates)
            {
                var progress = last = _handover.After(update);
                _trace.Add(progress);
                talk.Show(ProgressView.Of(progress, _left.After(progress), _trace.Losses, width));
            }
        }
        finally
        {
            talk.Keep();
        }

        return last!;
    }
}
