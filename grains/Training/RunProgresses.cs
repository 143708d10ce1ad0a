using FlowGrain.Serving;
using FlowGrain.Storage;

namespace FlowGrain.Training;

/// <summary>What a run reports while no loop of it runs here.</summary>
internal static class RunProgresses
{
    /// <summary>A run without a plan.</summary>
    internal static RunProgress Idle(string run) => new(
        run, 0, RunPhase.Idle, 0, 0, 0, 0, double.NaN, double.NaN, double.NaN, double.NaN, 0, double.NaN, null, 0, null);

    /// <summary>A run that reads its data.</summary>
    internal static RunProgress Preparing(string run, RunProgress? before) => (before ?? Idle(run)) with { Phase = RunPhase.Preparing, Failure = null, FailedOnInput = false };

    /// <summary>Where a run really is that the journal has as training: its process may have died.</summary>
    internal static RunPhase PhaseOf(RunEntry entry, bool heldElsewhere) => entry.Phase switch
    {
        RunPhase.Preparing or RunPhase.Training or RunPhase.Publishing => heldElsewhere ? entry.Phase : RunPhase.Stopped,
        var phase => phase,
    };

    /// <summary>A run as journal and disk know it.</summary>
    internal static RunProgress Of(RunEntry entry, RunState? state, bool heldElsewhere)
    {
        var (done, planned) = StepsOf(entry);
        var objective = RunObjective.Of(entry);
        var result = entry.ResultJson is { } json ? Json.Value<RunResult>(json) : null; // of a finished run the checkpoint may be gone
        var likelihoods = objective == RunObjectives.Likelihood ? result : null; // the figures of a result are likelihoods, whatever it minimised
        return Idle(entry.Run) with
        {
            Version = entry.Version,
            Phase = PhaseOf(entry, heldElsewhere),
            Step = done,
            Steps = planned,
            Epoch = state?.Passes ?? result?.Epochs ?? 0,
            TrainNats = state?.History.Points.LastOrDefault()?.TrainNats ?? likelihoods?.TrainNll ?? double.NaN,
            ValidationNats = state?.Validation ?? likelihoods?.ValidationNll ?? double.NaN,
            BestValidationNats = entry.Validation ?? double.NaN,
            Failure = entry.Failure,
            Objective = objective,
        };
    }

    /// <summary>A finished run that its model alone remembers.</summary>
    internal static RunProgress Of(string run, int version, RunRecord record)
    {
        var (losses, objective) = (record.LossesBySteps, RunObjective.Of(record.Plan));
        return Idle(run) with
        {
            Version = version,
            Phase = RunPhase.Finished,
            Step = record.Result.Steps,
            Steps = RunSchedule.StepsOf(record.Plan, record.PlannedRounds ?? 0),
            Epoch = record.Result.Epochs,
            TrainNats = losses.LastOrDefault()?.TrainNats ?? double.NaN,
            ValidationNats = losses.LastOrDefault(point => point.ValidationNats is not null)?.ValidationNats ?? double.NaN,
            BestValidationNats = losses.Min(point => point.ValidationNats) ?? double.NaN,
            Objective = objective,
        };
    }

    /// <summary>The steps that a run has durably made, and those it is to make; 0 while they are not fixed. The journal counts rounds.</summary>
    internal static (long Done, long Planned) StepsOf(RunEntry entry)
    {
        var plan = Json.Value<TrainingPlan>(entry.PlanJson);
        return (RunSchedule.StepsOf(plan, entry.Step), RunSchedule.StepsOf(plan, entry.Steps ?? 0));
    }
}
