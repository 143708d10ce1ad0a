using System.Collections.Immutable;

namespace FlowGrain.Training;

/// <summary>Where a run goes on from.</summary>
/// <param name="State">Where it was.</param>
/// <param name="Files">The files of its ranges; none where it begins with fresh weights.</param>
/// <param name="Rounds">The record of its rounds up to there.</param>
internal sealed record ResumePoint(RunState State, ImmutableArray<string> Files, ImmutableArray<RoundSegment> Rounds)
{
    /// <summary>Before the first round.</summary>
    /// <param name="steps">Rounds of the whole run; null while <c>--minutes</c> has not fixed them.</param>
    /// <param name="files">The files of the weights that it begins with; none for fresh ones.</param>
    internal static ResumePoint Beginning(long? steps, IEnumerable<string> files) => new(new RunState { Steps = steps }, [.. files], []);
}
