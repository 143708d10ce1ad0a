using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Data;
using FlowGrain.Silo;
using FlowGrain.Training;

namespace FlowGrain.Bench;

/// <summary>Trains on a file as quickstart does and prints the validation figures, so that its plan can be chosen without a look at the test rows.</summary>
internal static class Tuning
{
    internal static async Task<int> Run(string file, string[] settings)
    {
        using var home = new TemporaryHome();
        await using var cluster = await EmbeddedCluster.Start(home.Path, [], CancellationToken.None);
        var run = cluster.Grains.GetGrain<IRunGrain>("tuning");
        var progress = await run.Start(Plan(file, settings));
        while (progress.Phase is RunPhase.Training or RunPhase.Publishing) progress = await run.WaitForProgress(progress.Sequence);
        var result = await run.Result() ?? throw new InvalidOperationException(progress.Failure);
        var curve = (await run.History()).Where(point => point.ValidationNats is not null).ToList();
        Console.WriteLine(
            $"{string.Join(' ', settings)}: train {result.TrainNll:F4}, validation {result.ValidationNll:F4}, Gaussian {result.GaussianNll:F4}, gain {result.GaussianNll - result.ValidationNll:F4}, " +
            $"{result.RowsPerSecond:F0} rows/s, {result.Seconds:F1} s, {result.Parameters} parameters, " +
            $"curve {string.Join(' ', curve.Where((_, i) => i % Math.Max(1, curve.Count / 8) == 0).Select(point => point.ValidationNats!.Value.ToString("F3", CultureInfo.InvariantCulture)))}");
        return 0;
    }

    private static TrainingPlan Plan(string file, string[] settings)
    {
        var values = settings.Select(setting => setting.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        var plan = new TrainingPlan
        {
            Data = new DataSelection(file, ["longitude", "latitude"], [], MissingRows.Refuse),
            TestFraction = 0.1,
            Steps = Take("steps", 1500),
            BatchRows = (int)Take("batch", 256),
            Shards = (int)Take("shards", 4),
            Seed = Take("seed", 0),
            LearningRate = values.Remove("lr", out var rate) ? double.Parse(rate, CultureInfo.InvariantCulture) : 0.005,
        };
        return plan with { Settings = values.ToImmutableSortedDictionary() };

        long Take(string name, long otherwise) => values.Remove(name, out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;
    }
}
