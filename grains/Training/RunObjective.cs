using FlowGrain.Flows;
using FlowGrain.Flows.Presets;
using FlowGrain.Storage;

namespace FlowGrain.Training;

/// <summary>What a run minimises, by its name in <see cref="RunObjectives"/>.</summary>
internal static class RunObjective
{
    /// <summary>That of a flow.</summary>
    internal static string Of(FlowSpec flow) => flow.Objective?.Name ?? RunObjectives.Likelihood;

    /// <summary>That of a journaled version.</summary>
    internal static string Of(RunEntry entry) => Of(Json.Value<TrainingPlan>(entry.PlanJson));

    /// <summary>That of a plan, before its flow is built.</summary>
    internal static string Of(TrainingPlan plan)
    {
        try
        {
            var settings = RunSettings.Of(plan);
            return settings.Preset.Objective?.Invoke(new PresetRequest(new FlowShape(1, 0), settings.Sizes, plan.Seed))?.Name ?? RunObjectives.Likelihood;
        }
        catch (BadInputException)
        {
            return RunObjectives.Likelihood; // of a version of this program that had other settings; whoever trains it is told
        }
    }
}
