using System.Globalization;
using System.IO.Compression;
using FlowGrain.Data;
using FlowGrain.Flows.Numerics;
using FlowGrain.Serving;
using FlowGrain.Training;

namespace FlowGrain.Bench.Densities;

/// <summary>How well the log-density of a preset ranks anomalies: trained on half of the normal rows, asked about the other half and all anomalies; AUROC over five splits, beside that of the full-covariance Gaussian with the moments of the same rows.</summary>
internal static class AnomalySets
{
    private const int Splits = 5;
    private const double Target = 0.935; // mean over the sets
    private const double Slack = 0.02; // that a set may lie below the Gaussian

    private static readonly string[] Sets = ["38_thyroid", "6_cardio", "23_mammography", "2_annthyroid", "28_pendigits", "32_shuttle", "30_satellite"];

    internal static async Task<int> Run(string folder, string preset)
    {
        Cores.Take(Cores.OfFigures);
        var (means, gaussians, reached) = (new List<double>(), new List<double>(), true);
        foreach (var set in Sets)
        {
            var (flow, gaussian) = (new List<double>(), new List<double>());
            for (var split = 0; split < Splits; split++)
            {
                var rows = Halves.Of(folder, set, split);
                flow.Add(await Auroc(rows, preset));
                gaussian.Add(GaussianAuroc(rows));
            }

            means.Add(flow.Average());
            gaussians.Add(gaussian.Average());
            Console.WriteLine($"{set}: {flow.Average():F3} ({flow.Min():F3} to {flow.Max():F3}), Gaussian {gaussian.Average():F3}.");
            reached &= Bar.AtLeast($"{preset} on {set}", flow.Average(), gaussian.Average() - Slack, "F3");
        }

        Console.WriteLine($"{preset}: mean {means.Average():F4} over {Sets.Length} sets and {Splits} splits; the Gaussian {gaussians.Average():F4}.");
        return Bar.AtLeast($"the mean of {preset}", means.Average(), Target, "F4") && reached ? 0 : 1;
    }

    private static async Task<double> Auroc(Halves rows, string preset)
    {
        await using var trainer = await Trainer.Start();
        rows.Write(trainer);
        await trainer.Train(preset, new TrainingPlan { Data = new DataSelection(trainer.In("train.csv"), [], [], MissingRows.Refuse), Model = preset });
        var plan = new DetectionPlan(preset, null, trainer.In("test.csv"), MissingRows.Refuse, Output: null) { Label = "anomaly" };
        return (await trainer.Cluster.Detect(plan, reading: null, CancellationToken.None)).Ranking!.Auroc;
    }

    private static double GaussianAuroc(Halves rows)
    {
        var moments = new Moments(rows.Width);
        moments.Add([.. rows.Train.SelectMany(row => row)]);
        var gaussian = moments.Gaussian(context: 0);
        var ranking = new Ranking();
        foreach (var (row, isAnomaly) in rows.Test) ranking.Add((float)-gaussian.LogDensity(row), isAnomaly);
        return ranking.Report()!.Auroc;
    }

    /// <summary>The rows of a split: half of the normal ones, and all others with what they are.</summary>
    private sealed record Halves(string[] Names, double[][] Train, (double[] Row, bool IsAnomaly)[] Test)
    {
        internal int Width => Names.Length;

        internal static Halves Of(string folder, string set, int split)
        {
            using var archive = ZipFile.OpenRead(Path.Combine(folder, set + ".npz"));
            var ((x, width), (labels, _)) = (NpyFile.Numbers(archive, "X"), NpyFile.Numbers(archive, "y"));
            int[] normals = [.. Enumerable.Range(0, labels.Length).Where(row => labels[row] == 0)];
            var order = new CounterRandom(split, "halves").Permutation(normals.Length);
            int[] train = [.. order.Take(normals.Length / 2).Select(i => normals[i])];
            int[] test = [.. order.Skip(normals.Length / 2).Select(i => normals[i]), .. Enumerable.Range(0, labels.Length).Where(row => labels[row] != 0)];
            int[] varying = [.. Enumerable.Range(0, width).Where(column => train.Select(row => x[row * width + column]).Distinct().Skip(1).Any())]; // a constant column has no density
            return new Halves([.. varying.Select(column => $"x{column}")], [.. train.Select(Row)], [.. test.Select(row => (Row(row), labels[row] != 0))]);

            double[] Row(int row) => [.. varying.Select(column => x[row * width + column])];
        }

        internal void Write(Trainer trainer)
        {
            File.WriteAllLines(trainer.In("train.csv"), Train.Select(Line).Prepend(string.Join(',', Names)));
            File.WriteAllLines(trainer.In("test.csv"), Test.Select(row => $"{Line(row.Row)},{(row.IsAnomaly ? 1 : 0)}").Prepend($"{string.Join(',', Names)},anomaly"));
        }

        private static string Line(double[] row) => string.Join(',', row.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
    }
}
