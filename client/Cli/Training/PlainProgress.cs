using FlowGrain.Cli.Output;
using FlowGrain.Training;

namespace FlowGrain.Cli.Training;

/// <summary>A line every ten seconds and at every change of phase: for logs and pipes.</summary>
internal sealed class PlainProgress(Talk talk, TimeProvider clock) : IProgressDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <inheritdoc />
    public async Task<RunProgress> Follow(IAsyncEnumerable<RunProgress> updates)
    {
        RunProgress? last = null;
        var (written, left) = (clock.GetTimestamp(), new TimeLeft(clock));
        var handover = new Handover(talk, clock);
        await foreach (var update in updates)
        {
            var progress = handover.After(update);
            var secondsLeft = left.After(progress);
            if (IsDue(progress, last, written))
            {
                talk.Line(ProgressFigures.Line(progress, secondsLeft));
                written = clock.GetTimestamp();
            }
            last = progress;
        }
        return last!;
    }

    private bool IsDue(RunProgress progress, RunProgress? last, long written) =>
        progress.Phase is RunPhase.Preparing or RunPhase.Training or RunPhase.Publishing
        && (last?.Phase != progress.Phase || ProgressFigures.News(last) != ProgressFigures.News(progress) || clock.GetElapsedTime(written) >= Interval);
}
