using System.Globalization;
using FlowGrain.Data;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Presets;
using FlowGrain.Serving;
using FlowGrain.Training;

namespace FlowGrain.Bench.Densities;

/// <summary>Flows beside densities of the plane that are known: how many nats a row they lose to the truth on test rows.</summary>
internal static class Toys
{
    private const int TrainRows = 100_000;
    private const int TestRows = 20_000;

    internal static async Task<int> Run(double minutes, string[] presets)
    {
        Cores.Take(Cores.OfFigures);
        var reached = true;
        foreach (var toy in Toy.All)
        {
            await using var trainer = await Trainer.Start();
            Write(trainer.In("train.csv"), toy, 0, TrainRows);
            var test = Write(trainer.In("test.csv"), toy, TrainRows, TestRows);
            var truth = -test.Average(row => toy.LogDensity(row.X, row.Y));
            Console.WriteLine($"{toy.Name}: {truth:F4} nats, the truth on {TestRows} rows");
            foreach (var preset in presets.Length > 0 ? presets : [.. Preset.All.Select(preset => preset.Name)])
            {
                var plan = new TrainingPlan { Data = new DataSelection(trainer.In("train.csv"), [], [], MissingRows.Refuse), Model = preset, Minutes = minutes };
                var result = await trainer.Train(preset, plan);
                var report = await trainer.Cluster.Evaluate(new EvaluationPlan(preset, null, trainer.In("test.csv"), MissingRows.Refuse), reading: null, CancellationToken.None);
                var (gap, sharp) = (report.Nll - truth, Sharp.Contains(preset));
                Console.WriteLine($"  {preset}: {report.Nll:F4}, {gap:F4} from the truth; {result.Steps} steps, {result.Seconds:F0} s");
                if (sharp) reached &= Bar.AtMost($"the gap of {preset} on {toy.Name}", gap, toy.Allowed, "F4");
            }
        }

        return reached ? 0 : 1;
    }

    private static string[] Sharp => ["nsf", "nsf-ar", "naf", "gaussianization", "cnf", "residual"];

    private static (double X, double Y)[] Write(string path, Toy toy, int first, int count)
    {
        (double X, double Y)[] rows = [.. Enumerable.Range(first, count).Select(i => toy.Draw(new CounterRandom(0, toy.Name).At(i)))];
        File.WriteAllLines(path, rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.X:R},{row.Y:R}")).Prepend("x,y"));
        return rows;
    }
}
