using FlowGrain.Storage;

namespace FlowGrain.Training;

/// <summary>What a run is asked for: to train a plan, of which another one makes the next version, or to go on with a version that is known, and with no other.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Known">The version to go on with; null where the plan says which it is.</param>
/// <param name="AcceptClass">Whether another device class than the one that it was begun in may go on.</param>
internal sealed record RunRequest(TrainingPlan Plan, RunEntry? Known = null, bool AcceptClass = false)
{
    /// <summary>To go on with what the journal has.</summary>
    internal static RunRequest GoOn(RunEntry entry, bool acceptClass = false) => new(Json.Value<TrainingPlan>(entry.PlanJson), entry, acceptClass);

    /// <summary>Whether it is answered by a run that trains a plan, of whatever priority.</summary>
    internal bool IsFor(TrainingPlan training) => Json.Text(training with { Priority = Plan.Priority }) == Json.Text(Plan);
}
