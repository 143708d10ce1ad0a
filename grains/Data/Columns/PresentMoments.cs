namespace FlowGrain.Data;

/// <summary>Count, mean, deviation and extremes of each column, of the values that are there: NaN is none.</summary>
/// <remarks>Source: Welford 1962, "Note on a Method for Calculating Corrected Sums of Squares and Products", https://doi.org/10.1080/00401706.1962.10490022.</remarks>
internal sealed class PresentMoments(int width)
{
    private readonly long[] _count = new long[width];
    private readonly double[] _mean = new double[width];
    private readonly double[] _squares = new double[width];
    private readonly double[] _min = [.. Enumerable.Repeat(double.PositiveInfinity, width)];
    private readonly double[] _max = [.. Enumerable.Repeat(double.NegativeInfinity, width)];

    /// <summary>Rows seen.</summary>
    internal long Rows { get; private set; }

    /// <summary>Values of a column that are there.</summary>
    internal long CountOf(int column) => _count[column];

    /// <summary>Adds whole rows, row-major.</summary>
    internal void Add(ReadOnlySpan<double> rows)
    {
        for (var i = 0; i < rows.Length; i++)
            if (!double.IsNaN(rows[i])) Add(i % width, rows[i]);
        Rows += rows.Length / width;
    }

    /// <summary>The same as moments of all rows, in which no two columns vary together.</summary>
    internal Moments AsMoments() => Moments.Independent(Rows, _mean, _min, _max, [.. _squares.Zip(_count, (squares, count) => count == 0 ? 0 : squares / count)]);

    private void Add(int column, double value)
    {
        var before = value - _mean[column];
        _mean[column] += before / ++_count[column];
        _squares[column] += before * (value - _mean[column]);
        _min[column] = Math.Min(_min[column], value);
        _max[column] = Math.Max(_max[column], value);
    }
}
