using FlowGrain.Data;
using FlowGrain.Flows.Presets;

namespace FlowGrain.Training;

/// <summary>What a plan must keep to, whoever sends it.</summary>
internal static class PlanRules
{
    /// <summary>Returns when the plan can be followed.</summary>
    /// <exception cref="BadInputException">All that is wrong with it, a sentence each.</exception>
    internal static void Require(TrainingPlan plan)
    {
        var faults = Faults(plan).ToList();
        if (faults.Count > 0) throw new BadInputException(string.Join(" ", faults));
    }

    /// <summary>Returns when there are enough rows for the plan's shards.</summary>
    /// <exception cref="BadInputException">There are fewer.</exception>
    internal static void RequireRows(TrainingPlan plan, long trainRows, long validationRows)
    {
        var file = Path.GetFileName(plan.Data.Path);
        if (trainRows == 0) throw new BadInputException($"'{file}' leaves no row to train; lower --validation, or add rows.");
        if (trainRows < plan.Shards)
            throw new BadInputException($"'{file}' leaves {trainRows} training rows for {plan.Shards} shards; take at most {trainRows} with --shards, or more rows.");
        if (plan.Data.Validation is { } held && validationRows == 0)
            throw new BadInputException($"'{Path.GetFileName(held)}' has no complete row to validate with; add one, or hold a share of the rows out with --validation 0.1.");
        if (plan is { ValidationFraction: > 0, Data: { Validation: null, GroupBy: { } column } } && validationRows == 0)
            throw new BadInputException($"None of the few values of '{column}' in '{file}' fell into the share of {plan.ValidationFraction} that --validation keeps, so no row validates; group by a column with more values, raise --validation, or name rows with --validation FILE.");
        if (plan is { ValidationFraction: > 0, Data.Validation: null } && validationRows == 0)
            throw new BadInputException($"'{file}' is too small for a row of validation: of its rows, {trainRows} of which train, none fell into the share of {plan.ValidationFraction} that --validation keeps (equal rows fall on one side); add rows that differ, raise --validation, or set it to 0.");
    }

    private static IEnumerable<string> Faults(TrainingPlan plan)
    {
        if (plan.Steps is < 1) yield return $"--steps is {plan.Steps}; it must be at least 1.";
        if (plan.Epochs is < 1) yield return $"--epochs is {plan.Epochs}; it must be at least 1.";
        if (plan.Minutes is { } minutes && !(minutes > 0 && double.IsFinite(minutes))) yield return $"--minutes is {minutes}; it must be above 0.";
        if (new object?[] { plan.Steps, plan.Epochs, plan.Minutes }.Count(limit => limit is not null) > 1)
            yield return "--steps, --epochs and --minutes exclude each other; give one of them.";
        if (plan.BatchRows is < 1 or > PlanLimits.BatchRows) yield return $"--batch is {plan.BatchRows}; it must be from 1 to {PlanLimits.BatchRows}.";
        if (plan.Shards is < 1 or > PlanLimits.Shards) yield return $"--shards is {plan.Shards}; it must be from 1 to {PlanLimits.Shards}.";
        if (plan.LearningRate is { } rate && !(rate > 0 && rate <= PlanLimits.LearningRate)) yield return $"--lr is {rate}; it must be above 0 and at most {PlanLimits.LearningRate}.";
        if (!(plan.ValidationFraction >= 0 && plan.TestFraction >= 0 && plan.ValidationFraction + plan.TestFraction < 1))
            yield return $"--validation is {plan.ValidationFraction}; it must be from 0 to below 1.";
        if (plan.Design?.Length > PlanLimits.DesignLength) yield return $"The design of --spec has {plan.Design.Length} characters; it may have {PlanLimits.DesignLength}.";
        if (plan is { Design: null, Data.Missing: MissingRows.Mask } && Preset.All.FirstOrDefault(preset => preset.Name == plan.Model) is { TakesMissing: false })
            yield return $"--missing mask needs a flow that keeps one order of the columns, and {plan.Model} mixes them; take --model {string.Join(" or ", Preset.All.Where(preset => preset.TakesMissing).Select(preset => preset.Name))}, or leave such rows out with --missing drop.";
        if (plan.Design is null && plan.Data.Kinds.FirstOrDefault(kind => kind.Value.StartsWith("angle", StringComparison.Ordinal) && !plan.Data.Context.Contains(kind.Key)) is { Key: { } angle } && Preset.All.FirstOrDefault(preset => preset.Name == plan.Model) is { TakesAngles: false })
            yield return $"--as {angle}=angle: {plan.Model} takes every column for a line with two ends; take --model {string.Join(" or ", Preset.All.Where(preset => preset.TakesAngles).Select(preset => preset.Name))}, or condition on it with --context {angle}.";
        if (plan.Data is { Validation: not null, GroupBy: not null })
            yield return "--group-by says which rows are held out together, and --validation names a file, so none are; leave one of them out.";
        if (plan is { Mode: SyncMode.Sync, InnerSteps: not null }) yield return "--inner-steps is given, and mode sync has no inner steps; add --mode local or --mode diloco, or leave --inner-steps out.";
        if (plan.InnerSteps is < 1 or > PlanLimits.InnerSteps) yield return $"--inner-steps is {plan.InnerSteps}; it must be from 1 to {PlanLimits.InnerSteps}.";
        if (plan.Ranges is < 1 or > PlanLimits.Ranges) yield return $"--ranges is {plan.Ranges}; it must be from 1 to {PlanLimits.Ranges}.";
        if (plan.Priority is < -PlanLimits.Priority or > PlanLimits.Priority) yield return $"--priority is {plan.Priority}; it must be from {-PlanLimits.Priority} to {PlanLimits.Priority}.";
        if (plan.Patience is < 1) yield return $"--patience is {plan.Patience}; it must be at least 1.";
    }
}
