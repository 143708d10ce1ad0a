namespace FlowGrain.Training;

/// <summary>What a phase means to somebody who waits.</summary>
public static class RunPhases
{
    /// <summary>Whether nothing more will come without another start.</summary>
    public static bool IsAtRest(this RunPhase phase) =>
        phase is RunPhase.Idle or RunPhase.Finished or RunPhase.Stopped or RunPhase.Failed;
}
