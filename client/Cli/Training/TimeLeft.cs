using FlowGrain.Training;

namespace FlowGrain.Cli.Training;

/// <summary>How long a run will still take, at the pace that was seen here.</summary>
/// <param name="clock">Measures the pace.</param>
internal sealed class TimeLeft(TimeProvider clock)
{
    private const int EnoughSteps = 20;
    private const double EnoughSeconds = 1; // of a run whose steps are slow

    private (long Time, long Step)? _begun; // after the first step, which takes longer: what it runs is compiled in it

    /// <summary>Seconds from this update on; null until enough was seen.</summary>
    internal double? After(RunProgress progress)
    {
        if (_begun is not { } begun || progress.Step < begun.Step) return Begin(progress);
        var (steps, seconds) = (progress.Step - begun.Step, clock.GetElapsedTime(begun.Time).TotalSeconds);
        var isKnown = progress.Steps > 0 && steps > 0 && (steps >= EnoughSteps || seconds >= EnoughSeconds);
        return isKnown ? seconds * (progress.Steps - progress.Step) / steps : null;
    }

    // Again when --minutes has timed its rounds and forgotten them.
    private double? Begin(RunProgress progress)
    {
        _begun = progress.Phase == RunPhase.Training && progress.Step > (progress.ResumedAtStep ?? 0) ? (clock.GetTimestamp(), progress.Step) : null;
        return null;
    }
}
