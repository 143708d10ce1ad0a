using System.Collections.Immutable;

namespace FlowGrain.Training;

/// <summary>Where a run goes on from.</summary>
/// <param name="State">Where it was.</param>
/// <param name="Files">The files of its ranges; none where it begins.</param>
/// <param name="Rounds">The record of its rounds up to there.</param>
internal sealed record ResumePoint(RunState State, ImmutableArray<string> Files, ImmutableArray<RoundSegment> Rounds)
{
    /// <summary>Before the first round.</summary>
    internal static ResumePoint Beginning(long? steps) => new(new RunState { Steps = steps }, [], []);
}
