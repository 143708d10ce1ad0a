using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Data;
using FlowGrain.Silo;
using FlowGrain.Training;

namespace FlowGrain.Bench;

/// <summary>
/// Trains on a file as quickstart does and prints validation figures, so that its plan can be chosen without a look at its
/// test rows: those are taken out of the file first, and what is left is split anew with every seed.
/// </summary>
internal static class Tuning
{
    private const double HeldOut = 0.2; // a fifth: the coordinates that a thousand rows share make a tenth say little

    internal static async Task<int> Run(string file, string[] settings)
    {
        var values = settings.Select(setting => setting.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        var seeds = values.Remove("seeds", out var count) ? int.Parse(count, CultureInfo.InvariantCulture) : 2;
        using var home = new TemporaryHome();
        var rows = WithoutTestRows(file, home.Path);
        await using var cluster = await EmbeddedCluster.Start(home.Path, [], CancellationToken.None);
        var gains = new List<double>();
        for (var seed = 1; seed <= seeds; seed++)
        {
            var result = await Train(cluster, Plan(rows, new(values), seed));
            gains.Add(result.GaussianNll - result.ValidationNll);
            Console.WriteLine(
                $"  seed {seed}: train {result.TrainNll:F4}, validation {result.ValidationNll:F4}, Gaussian {result.GaussianNll:F4}, gain {gains[^1]:F4}, " +
                $"{result.RowsPerSecond:F0} rows/s, {result.Seconds:F1} s, {result.Parameters} parameters");
        }

        Console.WriteLine($"{string.Join(' ', settings)}: mean gain {gains.Average():F4}");
        return 0;
    }

    private static async Task<RunResult> Train(EmbeddedCluster cluster, TrainingPlan plan)
    {
        var run = cluster.Grains.GetGrain<IRunGrain>($"tuning-{plan.Seed}");
        var progress = await run.Start(plan);
        while (progress.Phase is RunPhase.Training or RunPhase.Publishing) progress = await run.WaitForProgress(progress.Sequence);
        return await run.Result() ?? throw new InvalidOperationException(progress.Failure);
    }

    /// <summary>A table of the rows that quickstart trains and validates on.</summary>
    private static string WithoutTestRows(string file, string home)
    {
        using var dataset = new DatasetStore(Path.Combine(home, "whole"), TimeProvider.System).Import(Columns(file), progress: null, CancellationToken.None);
        var split = Split.Of(dataset, new SplitFractions(Seed: 0, Validation: 0.1, Test: 0.1));
        var table = Path.Combine(home, "rows.csv");
        using var writer = new StreamWriter(table);
        writer.WriteLine("longitude,latitude");
        foreach (var side in (RowSide[])[RowSide.Train, RowSide.Validation])
        {
            var rows = new double[split.Count(side) * 2];
            split.Gather(side, 0, (int)split.Count(side), rows);
            for (var i = 0; i < rows.Length; i += 2) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows[i]:R},{rows[i + 1]:R}"));
        }

        return table;
    }

    private static DataSelection Columns(string file) => new(file, ["longitude", "latitude"], [], MissingRows.Refuse);

    private static TrainingPlan Plan(string file, Dictionary<string, string> values, long seed)
    {
        var plan = new TrainingPlan
        {
            Data = Columns(file),
            Model = values.Remove("model", out var model) ? model : "nsf",
            ValidationFraction = HeldOut,
            Steps = Take("steps", 1500),
            BatchRows = (int)Take("batch", 256),
            Shards = (int)Take("shards", 4),
            Seed = seed,
            LearningRate = values.Remove("lr", out var rate) ? double.Parse(rate, CultureInfo.InvariantCulture) : 0.005,
        };
        return plan with { Settings = values.ToImmutableSortedDictionary() };

        long Take(string name, long otherwise) => values.Remove(name, out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;
    }
}
