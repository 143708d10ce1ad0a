using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace FlowGrain.Cli.Rendering;

/// <summary>Marks on the axes of a picture.</summary>
internal static class Ticks
{
    private const double Largest = 1e7, Smallest = 1e-5; // beyond, powers of ten are read faster
    private const int Most = 6;
    private const float Air = 8; // pixels between the labels of two marks

    /// <summary>As many as there is room for, each with all the digits that tell it from its neighbours.</summary>
    internal static ITickGenerator Automatic() => new NumericAutomatic { LabelFormatter = Label };

    /// <summary>As many, of a column.</summary>
    internal static ITickGenerator Automatic(Axis axis) => new NumericAutomatic { LabelFormatter = axis.Mark };

    /// <summary>Those.</summary>
    internal static ITickGenerator At(IReadOnlyList<(double Value, string Label)> ticks) =>
        new NumericManual([.. ticks.Select(tick => tick.Value)], [.. ticks.Select(tick => tick.Label)]);

    /// <summary>A few at round numbers, whose labels neither touch nor reach beyond the axis.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="pixels">Its length.</param>
    /// <param name="beyond">Pixels by which a label may reach beyond it.</param>
    /// <param name="extent">Pixels that a label takes along it.</param>
    internal static IReadOnlyList<(double Value, string Label)> Few(Axis axis, int pixels, int beyond, Func<string, float> extent)
    {
        var scale = pixels / (axis.High - axis.Low);
        foreach (var step in Steps((axis.High - axis.Low) / Most))
        {
            (double Value, string Label)[] ticks = [.. Marks(axis, step).Where(tick => Fits(tick.Value, extent(tick.Label) / 2))];
            if (ticks.Zip(ticks.Skip(1)).All(pair => (extent(pair.First.Label) + extent(pair.Second.Label)) / 2 + Air <= step * scale)) return ticks;
        }

        return [];

        bool Fits(double value, float half) => (value - axis.Low) * scale - half >= -beyond && (axis.High - value) * scale - half >= -beyond;
    }

    /// <summary>A mark in up to ten digits.</summary>
    internal static string Label(double value)
    {
        var rounded = double.Parse(value.ToString("G10", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) + 0.0; // 0.1 + 0.2 is 0.3, and -0 is 0
        var isPlain = rounded == 0 || Math.Abs(rounded) is >= Smallest and < Largest;
        return rounded.ToString(isPlain ? "#,0.##########" : "0.###e+0", CultureInfo.InvariantCulture);
    }

    private static IEnumerable<(double Value, string Label)> Marks(Axis axis, double step)
    {
        for (var number = Math.Ceiling(axis.Low / step); number * step <= axis.High; number++) yield return (number * step, axis.Mark(number * step));
    }

    // 1, 2 and 5 times powers of ten, from the least that is not below a wish.
    private static IEnumerable<double> Steps(double least)
    {
        var power = Math.Floor(Math.Log10(least));
        return Enumerable.Range(0, Most).SelectMany(more => ((double[])[1, 2, 5]).Select(times => times * Math.Pow(10, power + more))).Where(step => step >= least);
    }
}
