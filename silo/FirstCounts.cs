using FlowGrain.Training;

namespace FlowGrain.Silo;

/// <summary>Counters that alerts watch say 0 from the start: a first fault would be a new series otherwise, and no rise.</summary>
internal static class FirstCounts
{
    extension(WebApplication app)
    {
        /// <summary>Has them say so.</summary>
        internal void BeginCounts() => app.Lifetime.ApplicationStarted.Register(() =>
        {
            foreach (var phase in (RunPhase[])[RunPhase.Finished, RunPhase.Stopped, RunPhase.Failed]) Telemetry.RunsEnded.Add(0, Label.Phase(phase));
            Telemetry.CheckpointFailures.Add(0);
            Telemetry.Rejections.Add(0);
        });
    }
}
