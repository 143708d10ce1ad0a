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

    /// <summary>How the numbers lie from the smallest to the largest, a bar for every twentieth of the way; null where there are no two.</summary>
    internal string? Histogram()
    {
        var sorted = Sorted();
        if (sorted.Length == 0 || sorted[0] == sorted[^1]) return null;
        var counts = new double[Stretches];
        foreach (var value in sorted) counts[Math.Min(Stretches - 1, (int)((value / 2 - sorted[0] / 2) / (sorted[^1] / 2 - sorted[0] / 2) * Stretches))]++; // halves do not overflow
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
