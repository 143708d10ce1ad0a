namespace FlowGrain.Data;

/// <summary>Count, mean, deviation and extremes of each column, of the values that are there, by their weights where rows have some: NaN is none.</summary>
/// <remarks>Source: Welford 1962, "Note on a Method for Calculating Corrected Sums of Squares and Products", https://doi.org/10.1080/00401706.1962.10490022.</remarks>
internal sealed class PresentMoments(int width)
{
    private readonly long[] _count = new long[width];
    private readonly double[] _weight = new double[width]; // of the values that are there
    private double _rowWeight;
    private readonly double[] _mean = new double[width];
    private readonly double[] _squares = new double[width];
    private readonly double[] _min = [.. Enumerable.Repeat(double.PositiveInfinity, width)];
    private readonly double[] _max = [.. Enumerable.Repeat(double.NegativeInfinity, width)];

    /// <summary>Rows seen.</summary>
    internal long Rows { get; private set; }

    /// <summary>Values of a column that are there.</summary>
    internal long CountOf(int column) => _count[column];

    /// <summary>Adds whole rows, row-major.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="weights">Their weights; empty where each counts once.</param>
    internal void Add(ReadOnlySpan<double> rows, ReadOnlySpan<float> weights = default)
    {
        for (var row = 0; row < rows.Length / width; row++)
        {
            var weight = weights.IsEmpty ? 1 : weights[row];
            for (var column = 0; column < width; column++)
                if (rows[row * width + column] is var value && !double.IsNaN(value)) Add(column, value, weight);
            _rowWeight += weight;
        }

        Rows += rows.Length / width;
    }

    /// <summary>The same as moments of all rows, in which no two columns vary together.</summary>
    internal Moments AsMoments() => Moments.Independent(Rows, _rowWeight, _mean, _min, _max, [.. _squares.Zip(_weight, (squares, weight) => weight == 0 ? 0 : squares / weight)]);

    private void Add(int column, double value, double weight)
    {
        var before = value - _mean[column];
        _count[column]++;
        _mean[column] += weight * before / (_weight[column] += weight);
        _squares[column] += weight * before * (value - _mean[column]);
        _min[column] = Math.Min(_min[column], value);
        _max[column] = Math.Max(_max[column], value);
    }
}
