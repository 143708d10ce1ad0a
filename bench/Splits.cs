using FlowGrain.Data;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Bench;

/// <summary>How much the split decides on the zip codes: Gaussian and kernel estimate on the test rows of twenty seeds.</summary>
internal static class Splits
{
    private const int Seeds = 20;

    internal static int Run(string file, int[] seeds)
    {
        using var home = new TemporaryHome();
        var store = new DatasetStore(home.Path, TimeProvider.System);
        using var dataset = store.Import(new DataSelection(file, ["longitude", "latitude"], [], MissingRows.Refuse), progress: null, CancellationToken.None);
        var gains = (seeds.Length > 0 ? seeds : Enumerable.Range(0, Seeds)).Select(seed => Measure(dataset, seed)).ToList();
        Console.WriteLine($"mean gain of the kernel estimate on the Gaussian: {gains.Average():F3} nats, deviation {Math.Sqrt(gains.Average(gain => Math.Pow(gain - gains.Average(), 2))):F3}");
        return 0;
    }

    private static double Measure(Dataset dataset, int seed)
    {
        var split = Split.Of(dataset, new SplitFractions(seed, Validation: 0.1, Test: 0.1));
        var train = Rows(split, RowSide.Train);
        var moments = new Moments(width: 2);
        moments.Add(train);
        var gaussian = moments.Gaussian(context: 0);
        var density = new KernelDensity(gaussian, train);
        var bandwidth = density.BestBandwidth(Rows(split, RowSide.Validation), CancellationToken.None);
        var test = Rows(split, RowSide.Test);
        var gaussianNll = -Enumerable.Range(0, test.Length / 2).Average(i => gaussian.LogDensity(test.AsSpan(2 * i, 2)));
        var kdeNll = -density.MeanLogDensity(test, bandwidth, CancellationToken.None);
        Console.WriteLine($"seed {seed,2}: Gaussian {gaussianNll:F3}, kernel {kdeNll:F3}, gain {gaussianNll - kdeNll:F3}");
        return gaussianNll - kdeNll;
    }

    private static double[] Rows(Split split, RowSide side)
    {
        var rows = new double[split.Count(side) * 2];
        split.Gather(side, 0, (int)split.Count(side), rows);
        return rows;
    }
}
