namespace FlowGrain.Training;

/// <summary>What a plan must keep to, whoever sends it.</summary>
internal static class PlanRules
{
    private const int MostShards = 65_536; // a tree of 16 levels
    private const int MostInnerSteps = 100_000;
    private const int MostRanges = 1024;
    private const int MostBatchRows = 1 << 20;

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
        if (plan.ValidationFraction > 0 && validationRows == 0)
            throw new BadInputException($"'{file}' is too small for a row of validation: of its rows, {trainRows} of which train, none fell into the share of {plan.ValidationFraction} that --validation keeps (equal rows fall on one side); add rows that differ, raise --validation, or set it to 0.");
    }

    private static IEnumerable<string> Faults(TrainingPlan plan)
    {
        if (plan.Steps is < 1) yield return $"--steps is {plan.Steps}; it must be at least 1.";
        if (plan.Epochs is < 1) yield return $"--epochs is {plan.Epochs}; it must be at least 1.";
        if (plan.Minutes is { } minutes && !(minutes > 0 && double.IsFinite(minutes))) yield return $"--minutes is {minutes}; it must be above 0.";
        if (new object?[] { plan.Steps, plan.Epochs, plan.Minutes }.Count(limit => limit is not null) > 1)
            yield return "--steps, --epochs and --minutes exclude each other; give one of them.";
        if (plan.BatchRows is < 1 or > MostBatchRows) yield return $"--batch is {plan.BatchRows}; it must be from 1 to {MostBatchRows}.";
        if (plan.Shards is < 1 or > MostShards) yield return $"--shards is {plan.Shards}; it must be from 1 to {MostShards}.";
        if (plan.LearningRate is { } rate && !(rate > 0 && rate <= 10)) yield return $"--lr is {rate}; it must be above 0 and at most 10.";
        if (!(plan.ValidationFraction >= 0 && plan.TestFraction >= 0 && plan.ValidationFraction + plan.TestFraction < 1))
            yield return $"--validation is {plan.ValidationFraction}; it must be from 0 to below 1.";
        if (plan is { Mode: SyncMode.Sync, InnerSteps: not null }) yield return "--inner-steps are of the modes local and diloco; give one of them with --mode, or leave them out.";
        if (plan.InnerSteps is < 1 or > MostInnerSteps) yield return $"--inner-steps is {plan.InnerSteps}; it must be from 1 to {MostInnerSteps}.";
        if (plan.Ranges is < 1 or > MostRanges) yield return $"--ranges is {plan.Ranges}; it must be from 1 to {MostRanges}.";
        if (plan.Patience is < 1) yield return $"--patience is {plan.Patience}; it must be at least 1.";
    }
}
