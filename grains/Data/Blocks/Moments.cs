using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Data;

/// <summary>Count, mean, extremes and covariance of a stream of rows, which may have weights, in float64.</summary>
/// <remarks>
/// Each batch is centred on its own mean and merged into the whole, so that a large offset (a timestamp) costs no digits:
/// C ← C + C_b + (m_b − m)(m_b − m)ᵀ·n·n_b/(n + n_b), with the sums of weights for n where rows have some.
/// Source: Chan, Golub, LeVeque 1983, "Algorithms for computing the sample variance", https://doi.org/10.1080/00031305.1983.10483115.
/// The order of every sum is fixed, so the bits don't depend on the machine.
/// </remarks>
internal sealed class Moments(int width)
{
    private readonly double[] _mean = new double[width];
    private readonly double[] _min = Filled(width, double.PositiveInfinity);
    private readonly double[] _max = Filled(width, double.NegativeInfinity);
    private readonly double[] _comoment = new double[width * width]; // upper triangle: Σ w (x_i − m_i)(x_j − m_j)
    private double[] _columns = [];

    /// <summary>Moments of so many rows, of such a weight, whose columns do not vary together.</summary>
    internal static Moments Independent(long count, double weight, ReadOnlySpan<double> mean, ReadOnlySpan<double> min, ReadOnlySpan<double> max, ReadOnlySpan<double> variance)
    {
        var moments = new Moments(mean.Length) { Count = count, Weight = weight };
        mean.CopyTo(moments._mean);
        min.CopyTo(moments._min);
        max.CopyTo(moments._max);
        for (var column = 0; column < mean.Length; column++) moments._comoment[column * mean.Length + column] = variance[column] * weight;
        return moments;
    }

    /// <summary>Rows seen.</summary>
    internal long Count { get; private set; }

    /// <summary>The sum of their weights; their count, where each counts once.</summary>
    internal double Weight { get; private set; }

    /// <summary>Columns of a row.</summary>
    internal int Width => width;

    /// <summary>Means, one a column.</summary>
    internal ReadOnlySpan<double> Mean => _mean;

    /// <summary>Smallest values, one a column.</summary>
    internal ReadOnlySpan<double> Min => _min;

    /// <summary>Largest values, one a column.</summary>
    internal ReadOnlySpan<double> Max => _max;

    /// <summary>Covariance of two columns, divided by the weight.</summary>
    internal double Covariance(int i, int j) => _comoment[(Math.Min(i, j) * width) + Math.Max(i, j)] / Weight;

    /// <summary>Standard deviation of a column, divided by the weight.</summary>
    internal double Deviation(int column) => Math.Sqrt(Covariance(column, column));

    /// <summary>Whether a column has one value only, or none that differ by more than rounding.</summary>
    internal bool IsConstant(int column) => Min[column] == Max[column] || Deviation(column) == 0;

    /// <summary>The maximum-likelihood Gaussian of the rows, of which the last <paramref name="context"/> columns are conditioned on.</summary>
    /// <param name="context">How many.</param>
    /// <param name="added">What is added to the variance of each of those.</param>
    /// <exception cref="ArgumentException">The covariance is not positive definite.</exception>
    internal Gaussian Gaussian(int context, ReadOnlySpan<double> added = default)
    {
        int[] order = [.. Enumerable.Range(width - context, context), .. Enumerable.Range(0, width - context)];
        var covariance = new double[width, width];
        for (var i = 0; i < width; i++)
            for (var j = 0; j < width; j++)
                covariance[i, j] = Covariance(order[i], order[j]);
        for (var i = 0; i < added.Length; i++) covariance[i, i] += added[i];
        return new Gaussian([.. order.Select(column => _mean[column])], covariance, context);
    }

    /// <summary>The same rows with some of their columns alone, in the order given.</summary>
    internal Moments Of(IReadOnlyList<int> columns)
    {
        if (columns.Count == width && columns.SequenceEqual(Enumerable.Range(0, width))) return this;
        var some = new Moments(columns.Count) { Count = Count, Weight = Weight };
        for (var i = 0; i < columns.Count; i++)
        {
            (some._mean[i], some._min[i], some._max[i]) = (_mean[columns[i]], _min[columns[i]], _max[columns[i]]);
            for (var j = i; j < columns.Count; j++)
                some._comoment[(i * columns.Count) + j] = _comoment[(Math.Min(columns[i], columns[j]) * width) + Math.Max(columns[i], columns[j])];
        }

        return some;
    }

    /// <summary>Adds whole rows, row-major.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="weights">Their weights; empty where each counts once.</param>
    internal void Add(ReadOnlySpan<double> rows, ReadOnlySpan<float> weights = default)
    {
        var count = rows.Length / width;
        if (count == 0) return;
        if (_columns.Length < rows.Length) _columns = new double[rows.Length];

        Transpose(rows, count);
        var (mean, weight) = (new double[width], RowWeights.Sum(weights, count));
        for (var column = 0; column < width; column++)
            mean[column] = weights.IsEmpty ? Centre(column, count) : Centre(column, weights, weight);
        Merge(mean, count, weight);
    }

    private void Transpose(ReadOnlySpan<double> rows, int count)
    {
        for (var row = 0; row < count; row++)
            for (var column = 0; column < width; column++)
                _columns[(column * count) + row] = rows[(row * width) + column];
    }

    private Span<double> Column(int column, int count) => _columns.AsSpan(column * count, count);

    private double Centre(int column, int count)
    {
        var values = Column(column, count);
        var (sum, min, max) = (0d, _min[column], _max[column]);
        foreach (var value in values)
        {
            sum += value;
            min = Math.Min(min, value);
            max = Math.Max(max, value);
        }

        (_min[column], _max[column]) = (min, max);
        var mean = sum / count;
        foreach (ref var value in values)
            value -= mean;
        return mean;
    }

    /// <summary>Also multiplies each value by the root of its weight, so that products of two have the weight.</summary>
    private double Centre(int column, ReadOnlySpan<float> weights, double weight)
    {
        var values = Column(column, weights.Length);
        var sum = 0d;
        for (var row = 0; row < values.Length; row++)
        {
            sum += weights[row] * values[row];
            _min[column] = Math.Min(_min[column], values[row]);
            _max[column] = Math.Max(_max[column], values[row]);
        }

        var mean = sum / weight;
        for (var row = 0; row < values.Length; row++) values[row] = (values[row] - mean) * Math.Sqrt(weights[row]);
        return mean;
    }

    private void Merge(double[] mean, int count, double weight)
    {
        var total = Weight + weight;
        var shared = Weight * weight / total;
        for (var i = 0; i < width; i++)
            for (var j = i; j < width; j++)
                _comoment[(i * width) + j] += Dot(Column(i, count), Column(j, count))
                    + ((mean[i] - _mean[i]) * (mean[j] - _mean[j]) * shared);

        for (var i = 0; i < width; i++)
            _mean[i] += (mean[i] - _mean[i]) * weight / total;
        (Count, Weight) = (Count + count, total);
    }

    // Always eight partial sums in this order, whatever the machine's vectors: the result is the same everywhere.
    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var x = MemoryMarshal.Cast<double, Vector256<double>>(a);
        var y = MemoryMarshal.Cast<double, Vector256<double>>(b);
        var (even, odd) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var i = 0;
        for (; i + 1 < x.Length; i += 2)
        {
            even += x[i] * y[i];
            odd += x[i + 1] * y[i + 1];
        }

        var sum = even + odd;
        var rest = 0d;
        for (var k = i * Vector256<double>.Count; k < a.Length; k++)
            rest += a[k] * b[k];
        return sum[0] + sum[1] + (sum[2] + sum[3]) + rest;
    }

    private static double[] Filled(int length, double value)
    {
        var values = new double[length];
        Array.Fill(values, value);
        return values;
    }
}
