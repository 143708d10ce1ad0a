using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Data;
using FlowGrain.Flows.Numerics;
using FlowGrain.Serving;
using FlowGrain.Training;

namespace FlowGrain.Bench.Densities;

/// <summary>
/// The patches of natural images that papers report: <c>x = (u + U[0, 1))/256</c>, less the mean of the patch, without the last pixel, 63 columns. Trains on all but the last twentieth of the
/// training patches, stops on that, and scores the held-out patches once; mean log-density in nats, of the units of the data.
/// </summary>
internal static class Bsds300
{
    private const int Width = 63;
    private const int Pixels = 64;
    private const double Better = 135, Either = 132; // nats a row, of the better of maf and nsf-ar and of either

    private static readonly string[] Models = ["maf", "nsf-ar"];

    /// <summary>Both presets that have a bar.</summary>
    internal static async Task<int> Run(string folder)
    {
        var figures = new List<double>();
        foreach (var model in Models) figures.Add(await Measure(folder, model, []));
        var reached = Models.Zip(figures).Select(one => Bar.AtLeast(one.First, one.Second, Either, "F2")).ToArray();
        return Bar.AtLeast("the better of both", figures.Max(), Better, "F2") && reached.All(one => one) ? 0 : 1;
    }

    /// <summary>One preset; the bar of either is that of those two.</summary>
    internal static async Task<int> Run(string folder, string model, string[] settings)
    {
        var figure = await Measure(folder, model, settings);
        return !Models.Contains(model) || Bar.AtLeast(model, figure, Either, "F2") ? 0 : 1;
    }

    private static async Task<double> Measure(string folder, string model, string[] settings)
    {
        Cores.Take(Cores.OfFigures);
        await using var trainer = await Trainer.Start();
        var values = settings.Select(setting => setting.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        var plan = new TrainingPlan
        {
            Data = new DataSelection(trainer.In("train.npy"), [], [], MissingRows.Refuse) { Validation = trainer.In("stop.npy") },
            Model = model,
            Minutes = Take("minutes", 20),
            BatchRows = (int)Take("batch", 512),
            Shards = (int)Take("shards", 2),
            LearningRate = values.Remove("lr", out var rate) ? double.Parse(rate, CultureInfo.InvariantCulture) : null,
            Settings = values.ToImmutableSortedDictionary(),
        };
        var (train, held) = (Patches(folder, "train"), Patches(folder, "val"));
        var stop = train.Length / Width / 20 * Width;
        NpyFile.Write(trainer.In("train.npy"), train.AsSpan(0, train.Length - stop), Width);
        NpyFile.Write(trainer.In("stop.npy"), train.AsSpan(train.Length - stop), Width);
        NpyFile.Write(trainer.In("held.npy"), held, Width);
        var result = await trainer.Train("bsds300", plan);
        var report = await trainer.Cluster.Evaluate(new EvaluationPlan("bsds300", null, trainer.In("held.npy"), MissingRows.Refuse), reading: null, CancellationToken.None);
        Console.WriteLine(
            $"{model} {string.Join(' ', settings)}: {-report.Nll:F2} nats a row on {report.Rows} held-out patches (Gaussian {-report.GaussianNll:F2}); " +
            $"{-result.ValidationNll:F2} on the rows that stopped it, {-result.TrainNll:F2} on those that trained it; {result.Steps} steps, {result.Epochs:F1} epochs, {result.Parameters} parameters, {result.Seconds / 60:F1} minutes");
        return -report.Nll;

        double Take(string name, double otherwise) => values.Remove(name, out var text) ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;
    }

    private static double[] Patches(string folder, string side)
    {
        var (bytes, width) = NpyFile.Bytes(Path.Combine(folder, $"patches_{side}_u8.npy.gz"));
        if (width != Pixels) throw new InvalidDataException($"The patches of {side} have {width} pixels, not {Pixels}.");
        var (noise, rows) = (new CounterRandom(0, "dequantise " + side), new double[bytes.Length / Pixels * Width]);
        var patch = new double[Pixels];
        for (var row = 0; row < bytes.Length / Pixels; row++)
        {
            for (var i = 0; i < Pixels; i++) patch[i] = (bytes[row * Pixels + i] + noise.Uniform((long)row * Pixels + i)) / 256;
            var mean = patch.Average();
            for (var i = 0; i < Width; i++) rows[row * Width + i] = patch[i] - mean;
        }

        return rows;
    }
}
