using System.Collections.Immutable;
using FlowGrain.Cluster;
using FlowGrain.Training;

namespace FlowGrain.Cli.Commands;

/// <summary>Answers a mistyped preset or setting with the one that was meant; what resembles none is left to the run to refuse.</summary>
internal static class PresetHints
{
    /// <exception cref="BadInputException">One does not exist, and another does that is nearly it.</exception>
    internal static void Require(TrainingPlan plan, ImmutableArray<PresetDescription> presets)
    {
        if (plan.Design is not null || plan is { From: not null, Model: "" }) return; // those of a model it knows itself
        if (presets.FirstOrDefault(preset => preset.Name == plan.Model) is not { } preset)
            RequireNone(plan.Model, presets.Select(other => other.Name), $"There is no preset '{plan.Model}'", listsOthers: true);
        else
            foreach (var name in plan.Settings.Keys.Where(name => !preset.Settings.ContainsKey(name))) RequireNone(name, preset.Settings.Keys, $"{preset.Name} has no setting '{name}'");
    }

    private static void RequireNone(string typed, IEnumerable<string> names, string sentence, bool listsOthers = false)
    {
        if (Nearest.To(typed, names) is not { } near) return;
        var others = listsOthers ? $", or another of {string.Join(", ", names.Where(name => name != near))}" : "";
        throw new BadInputException($"{sentence}; did you mean {near}{others}?");
    }
}
