using System.Collections.Immutable;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Data;

/// <summary>What the kept rows of a table say of each column beside their moments: whether it is whole, its distinct values, its quantiles.</summary>
internal sealed class TableStatistics(int width)
{
    /// <summary>The shares of the rows that the quantiles stand for.</summary>
    internal static readonly ImmutableArray<double> Shares = [0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999];

    private const int SampleRows = 16_384; // a quantile is then off by half a percent of the rows at most
    private const int MostCounted = 64; // columns whose distinct values are counted, a mebibyte each

    private readonly WholeColumns _whole = new(width);
    private readonly RowSample _sample = new(SampleRows, width, new CounterRandom(0, "quantiles"));
    private readonly DistinctValues[] _distinct = [.. Enumerable.Range(0, Math.Min(width, MostCounted)).Select(_ => new DistinctValues())];

    /// <summary>Adds rows, row-major.</summary>
    internal void Add(ReadOnlySpan<double> rows)
    {
        _whole.Add(rows);
        _sample.Add(rows);
        for (var column = 0; column < _distinct.Length; column++)
        {
            var distinct = _distinct[column];
            for (var i = column; i < rows.Length; i += width)
                if (!double.IsNaN(rows[i])) distinct.Add(rows[i]);
        }
    }

    /// <summary>Whether all values of a column are whole.</summary>
    internal bool IsWhole(int column) => _whole[column];

    /// <summary>Distinct values of a column, exact up to <see cref="DistinctValues.Limit"/> and to about half a percent beyond; null where they were not counted.</summary>
    internal long? Distinct(int column) => column < _distinct.Length ? _distinct[column].Count : null;

    /// <summary>Quantiles of every column at <see cref="Shares"/>, from a uniform sample of the rows.</summary>
    internal ImmutableArray<ImmutableArray<double>> Quantiles()
    {
        var rows = _sample.Rows;
        return [.. Enumerable.Range(0, width).Select(column => Quantiles(rows, column))];
    }

    private ImmutableArray<double> Quantiles(double[] rows, int column)
    {
        var all = new double[rows.Length / width];
        for (var row = 0; row < all.Length; row++) all[row] = rows[row * width + column];
        Array.Sort(all);
        var values = all.AsSpan().TrimStart(double.NaN).ToArray(); // which come first
        return values.Length == 0 ? [] : [.. Shares.Select(share => values[(int)Math.Min(values.Length - 1, Math.Floor(share * values.Length))])];
    }
}
