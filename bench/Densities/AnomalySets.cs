using System.Globalization;
using System.IO.Compression;
using FlowGrain.Data;
using FlowGrain.Flows.Numerics;
using FlowGrain.Serving;
using FlowGrain.Training;

namespace FlowGrain.Bench.Densities;

/// <summary>How well the log-density of a preset ranks anomalies: trained on half of the normal rows, asked about the other half and all anomalies; AUROC over five splits, beside a Gaussian's.</summary>
internal static class AnomalySets
{
    private const int Splits = 5;
    private const double Target = 0.935; // mean over the sets
    private const double Slack = 0.02; // that a set may lie below the Gaussian

    private static readonly string[] Sets = ["38_thyroid", "6_cardio", "23_mammography", "2_annthyroid", "28_pendigits", "32_shuttle", "30_satellite"];

    internal static async Task<int> Run(string folder, string preset)
    {
        var (means, failed) = (new List<double>(), false);
        foreach (var set in Sets)
        {
            var (flow, gaussian) = (new List<double>(), new List<double>());
            for (var split = 0; split < Splits; split++)
            {
                await using var trainer = await Trainer.Start();
                Write(folder, set, split, trainer);
                flow.Add(await Auroc(trainer, preset));
                gaussian.Add(await Auroc(trainer, "householder"));
            }

            means.Add(flow.Average());
            failed |= flow.Average() < gaussian.Average() - Slack;
            Console.WriteLine($"{set}: {flow.Average():F3} ({flow.Min():F3} to {flow.Max():F3}), Gaussian {gaussian.Average():F3}");
        }

        Console.WriteLine($"{preset}: mean {means.Average():F4} over {Sets.Length} sets and {Splits} splits (target {Target})");
        return failed || means.Average() < Target ? 1 : 0;
    }

    private static async Task<double> Auroc(Trainer trainer, string preset)
    {
        await trainer.Train(preset, new TrainingPlan { Data = new DataSelection(trainer.In("train.csv"), [], [], MissingRows.Refuse), Model = preset });
        var plan = new DetectionPlan(preset, null, trainer.In("test.csv"), MissingRows.Refuse, Output: null) { Label = "anomaly" };
        return (await trainer.Cluster.Detect(plan, reading: null, CancellationToken.None)).Ranking!.Auroc;
    }

    private static void Write(string folder, string set, int split, Trainer trainer)
    {
        using var archive = ZipFile.OpenRead(Path.Combine(folder, set + ".npz"));
        var ((x, width), (labels, _)) = (NpyFile.Numbers(archive, "X"), NpyFile.Numbers(archive, "y"));
        int[] normals = [.. Enumerable.Range(0, labels.Length).Where(row => labels[row] == 0)];
        var order = new CounterRandom(split, "halves").Permutation(normals.Length);
        int[] train = [.. order.Take(normals.Length / 2).Select(i => normals[i])];
        int[] test = [.. order.Skip(normals.Length / 2).Select(i => normals[i]), .. Enumerable.Range(0, labels.Length).Where(row => labels[row] != 0)];
        int[] varying = [.. Enumerable.Range(0, width).Where(column => train.Select(row => x[row * width + column]).Distinct().Skip(1).Any())]; // a constant column has no density
        File.WriteAllLines(trainer.In("train.csv"), train.Select(row => Line(row)).Prepend(string.Join(',', varying.Select(column => $"x{column}"))));
        File.WriteAllLines(trainer.In("test.csv"), test.Select(row => $"{Line(row)},{labels[row]}").Prepend($"{string.Join(',', varying.Select(column => $"x{column}"))},anomaly"));

        string Line(int row) => string.Join(',', varying.Select(column => x[row * width + column].ToString("R", CultureInfo.InvariantCulture)));
    }
}
