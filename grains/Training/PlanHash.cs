using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FlowGrain.Training;

/// <summary>
/// What tells two plans apart: everything that decides the bits, and nothing else. Paths and names do not. A setting at its
/// default hashes like one that was not given, so what a later version adds does not turn old runs into other ones.
/// </summary>
internal static class PlanHash
{
    /// <summary>SHA-256 over the flow, the data and what of the plan neither of them holds, as lower-case hexadecimal.</summary>
    internal static string Of(TrainingPlan plan, PreparedRun prepared)
    {
        var text = new StringBuilder($"flow {prepared.Flow.Hash()}\ndata {prepared.Data.Dataset.Manifest.Root}\n");
        foreach (var (name, value) in Lines(plan, prepared.Settings).Append(("from", prepared.From?.WeightsSha256)).Where(line => line.Value is not null))
        {
            text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static IEnumerable<(string Name, object? Value)> Lines(TrainingPlan plan, RunSettings settings)
    {
        yield return ("steps", plan.Steps);
        yield return ("epochs", plan.Epochs);
        yield return ("minutes", plan.Minutes);
        yield return ("batch", plan.BatchRows);
        yield return ("shards", plan.Shards);
        yield return ("lr", plan.LearningRate ?? settings.Preset.LearningRate);
        yield return ("seed", plan.Seed);
        yield return ("validation", plan.ValidationFraction);
        yield return ("test", plan.TestFraction);
        yield return ("patience", plan.Patience);
        yield return ("mode", plan.Mode == SyncMode.Sync ? null : plan.Mode);
        yield return ("inner steps", plan.Mode == SyncMode.Sync ? null : RunSchedule.InnerSteps(plan));
        foreach (var setting in RunSettings.OptimizerSettings)
        {
            var value = settings.Optimizer[setting.Name];
            yield return (setting.Name, value == setting.Default ? null : value);
        }
    }
}
