using FlowGrain.Flows.Numerics;
using FlowGrain.Serving;

namespace FlowGrain.Data;

/// <summary>A uniform sample of the numbers of one column.</summary>
internal sealed class ColumnSample
{
    private const int Most = 4_096;
    private const int Stretches = 20;

    private readonly RowSample _sample = new(Most, width: 1, new CounterRandom(0, "inspection"));
    private double[]? _sorted;

    /// <summary>Adds a number.</summary>
    internal void Add(double value)
    {
        _sample.Add([value]);
        _sorted = null;
    }

    /// <summary>How the numbers lie between the smallest and the largest of the column, a bar for every twentieth of the way or for as many whole numbers each; null where there are no two.</summary>
    internal string? Histogram(double min, double max, bool isWhole)
    {
        if (Sorted().Length == 0 || min == max) return null;
        var each = isWhole ? Math.Ceiling((max - min + 1) / Stretches) : 0;
        var counts = new double[isWhole ? Math.Clamp((int)Math.Ceiling((max - min + 1) / each), 1, Stretches) : Stretches];
        foreach (var value in Sorted())
        {
            var place = isWhole ? (value - min) / each : (value / 2 - min / 2) / (max / 2 - min / 2) * Stretches; // halves do not overflow
            counts[Math.Clamp((int)place, 0, counts.Length - 1)]++;
        }

        return Sparkline.Bars(counts, counts.Max());
    }

    /// <summary>The value below which a share of the numbers lies; NaN without numbers.</summary>
    internal double Quantile(double share) => Sorted() is [_, ..] sorted ? sorted[(int)Math.Min(sorted.Length - 1, share * sorted.Length)] : double.NaN;

    /// <summary>The commonest number, and its share.</summary>
    internal (double Value, double Share) MostOfOne()
    {
        var (sorted, best, value, first) = (Sorted(), 0, double.NaN, 0);
        for (var i = 0; i < sorted.Length; i++)
        {
            if (sorted[i] != sorted[first]) first = i;
            if (i - first + 1 > best) (best, value) = (i - first + 1, sorted[i]);
        }

        return (value, sorted.Length < 100 ? 0 : (double)best / sorted.Length); // of few rows a share says nothing
    }

    /// <summary>The largest usual step of which all numbers are multiples; null where there is none.</summary>
    internal double? Step()
    {
        const double Rounding = 1e-9;

        foreach (var step in (double[])[0.5, 0.25, 0.1, 0.05, 0.01, 0.001])
            if (Sorted().All(value => Math.Abs(value / step - Math.Round(value / step)) < Rounding * Math.Max(1, Math.Abs(value / step)))) return step;
        return null;
    }

    private double[] Sorted()
    {
        if (_sorted is not null) return _sorted;
        _sorted = _sample.Rows;
        Array.Sort(_sorted);
        return _sorted;
    }
}
