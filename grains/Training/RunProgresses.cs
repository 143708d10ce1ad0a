namespace FlowGrain.Training;

/// <summary>What a run reports while no loop of it runs here.</summary>
internal static class RunProgresses
{
    /// <summary>A run without a plan.</summary>
    internal static RunProgress Idle(string run) => new(
        run, 0, RunPhase.Idle, 0, 0, 0, 0, double.NaN, double.NaN, double.NaN, double.NaN, 0, 0, 0, 0, null);

    /// <summary>A run that reads its data.</summary>
    internal static RunProgress Preparing(string run, RunProgress? before) => (before ?? Idle(run)) with { Phase = RunPhase.Preparing, Failure = null };

    /// <summary>A run as the journal knows it. One that was training when its process died has stopped.</summary>
    internal static RunProgress Of(RunEntry entry, RunState? state) => Idle(entry.Run) with
    {
        Version = entry.Version,
        Phase = entry.Phase is RunPhase.Finished or RunPhase.Failed ? entry.Phase : RunPhase.Stopped,
        Step = entry.Step,
        Steps = entry.Steps ?? 0,
        TrainNats = state?.History.Points.LastOrDefault()?.TrainNats ?? double.NaN,
        ValidationNats = state?.Validation ?? double.NaN,
        BestValidationNats = entry.Validation ?? double.NaN,
        Failure = entry.Failure,
    };
}
