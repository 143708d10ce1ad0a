using FlowGrain.Cli.Output;
using FlowGrain.Training;

namespace FlowGrain.Cli.Training;

/// <summary>Says when another silo leads a run on, and keeps the time running, which that one counts from 0.</summary>
internal sealed class Handover(Talk talk, TimeProvider clock)
{
    private (long Time, double Own, double Shown)? _last; // of the silo that leads it, and of the run

    /// <summary>The update with the time of the run.</summary>
    internal RunProgress After(RunProgress progress)
    {
        if (_last is not { } last) return Keep(progress, progress.Seconds);
        var passed = last.Shown + clock.GetElapsedTime(last.Time).TotalSeconds;
        if (!double.IsFinite(progress.Seconds)) return progress with { Seconds = passed };
        if (progress.Seconds >= last.Own) return Keep(progress, last.Shown + progress.Seconds - last.Own);
        talk.Line($"{progress.Run}: the silo that led it went away; it goes on from step {Figures.Count(progress.ResumedAtStep ?? 0)}.");
        return Keep(progress, passed);
    }

    private RunProgress Keep(RunProgress progress, double shown)
    {
        if (double.IsFinite(progress.Seconds)) _last = (clock.GetTimestamp(), progress.Seconds, shown);
        return progress with { Seconds = shown };
    }
}
