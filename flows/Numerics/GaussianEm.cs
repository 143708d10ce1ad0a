namespace FlowGrain.Flows.Numerics;

/// <summary>The maximum-likelihood Gaussian of rows in which values are missing, by expectation and maximisation.</summary>
/// <remarks>
/// Each step fills what is missing with its mean given what is there, adds the covariance that it has given that, and takes mean
/// and covariance of the filled rows; the likelihood of what is there never falls. Source: Dempster, Laird, Rubin 1977, "Maximum
/// Likelihood from Incomplete Data via the EM Algorithm", section 4.1.3, https://doi.org/10.1111/j.2517-6161.1977.tb01600.x.
/// </remarks>
public sealed class GaussianEm
{
    private const int MostSteps = 50;
    private const double Converged = 1e-6; // nats per row
    private const double Ridge = 1e-8; // of a column's variance, so that indicators of categories have a covariance that can be inverted

    private readonly int _n;
    private readonly double[] _mean;
    private double[,] _covariance;

    private GaussianEm(int n)
    {
        (_n, _mean, _covariance) = (n, new double[n], new double[n, n]);
        for (var i = 0; i < n; i++) _covariance[i, i] = 1;
    }

    /// <summary>Fits rows <c>[B, D + C]</c> whose modelled columns are NaN where they lack a value.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="dimension">D.</param>
    /// <param name="context">C.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="weights">How often each row counts, <c>[B]</c>; null where each counts once.</param>
    public static Gaussian Fit(double[] rows, int dimension, int context, CancellationToken cancellation, double[]? weights = null)
    {
        var n = dimension + context;
        int[] order = [.. Enumerable.Range(dimension, context), .. Enumerable.Range(0, dimension)]; // the context first, as the Gaussian has it
        var scales = order.Select(column => ScaleOf(rows, n, column)).ToArray();
        var patterns = Enumerable.Range(0, rows.Length / n).Select(row => order.Select((column, i) => (rows[row * n + column] - scales[i].Mean) / scales[i].Deviation).Append(weights?[row] ?? 1).ToArray())
            .GroupBy(row => string.Concat(row.Select(value => double.IsNaN(value) ? '0' : '1'))).Select(group => group.ToArray()).ToList();
        var fit = new GaussianEm(n);
        for (var (step, before) = (0, double.NegativeInfinity); step < MostSteps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var likelihood = fit.Step(patterns);
            if (likelihood - before < Converged) break;
            before = likelihood;
        }

        return fit.Unscaled(scales, context);
    }

    /// <summary>One step; returns the mean log-likelihood before it, nats per row.</summary>
    private double Step(List<double[][]> patterns)
    {
        var (sum, squares, likelihood) = (new double[_n], new double[_n, _n], 0.0);
        foreach (var rows in patterns) likelihood += Add(rows, sum, squares);
        var count = patterns.Sum(WeightOf);
        _covariance = new double[_n, _n];
        for (var i = 0; i < _n; i++) _mean[i] = sum[i] / count;
        for (var i = 0; i < _n; i++)
            for (var j = 0; j < _n; j++) _covariance[i, j] = squares[i, j] / count - _mean[i] * _mean[j] + (i == j ? Ridge : 0);
        return likelihood / count;
    }

    /// <summary>A row ends with its weight.</summary>
    private static double WeightOf(double[][] rows) => rows.Sum(row => row[^1]);

    /// <summary>Adds rows that lack the same columns to the sums of the filled rows and of their squares.</summary>
    private double Add(double[][] rows, double[] sum, double[,] squares)
    {
        int[] known = [.. Enumerable.Range(0, _n).Where(i => !double.IsNaN(rows[0][i]))], missing = [.. Enumerable.Range(0, _n).Except(known)];
        var factor = new Cholesky(Part(known, known));
        var weights = missing.Select(column => White(factor, [.. known.Select(other => _covariance[other, column])])).ToArray();
        var weight = WeightOf(rows);
        var likelihood = -0.5 * weight * (factor.LogDeterminant + known.Length * PortableMath.LogTwoPi);
        foreach (var row in rows)
        {
            var white = White(factor, [.. known.Select(column => row[column] - _mean[column])]);
            likelihood -= 0.5 * row[_n] * Dot(white, white);
            double[] filled = [.. row];
            for (var k = 0; k < missing.Length; k++) filled[missing[k]] = _mean[missing[k]] + Dot(weights[k], white);
            for (var i = 0; i < _n; i++)
            {
                sum[i] += row[_n] * filled[i];
                for (var j = 0; j < _n; j++) squares[i, j] += row[_n] * filled[i] * filled[j];
            }
        }

        for (var k = 0; k < missing.Length; k++)
            for (var l = 0; l < missing.Length; l++) squares[missing[k], missing[l]] += weight * (_covariance[missing[k], missing[l]] - Dot(weights[k], weights[l]));
        return likelihood;
    }

    private Gaussian Unscaled((double Mean, double Deviation)[] scales, int context)
    {
        var covariance = new double[_n, _n];
        for (var i = 0; i < _n; i++)
            for (var j = 0; j < _n; j++) covariance[i, j] = _covariance[i, j] * scales[i].Deviation * scales[j].Deviation;
        return new Gaussian([.. _mean.Select((mean, i) => scales[i].Mean + mean * scales[i].Deviation)], covariance, context);
    }

    private double[,] Part(int[] rows, int[] columns)
    {
        var part = new double[rows.Length, columns.Length];
        for (var i = 0; i < rows.Length; i++)
            for (var j = 0; j < columns.Length; j++) part[i, j] = _covariance[rows[i], columns[j]];
        return part;
    }

    private static double[] White(Cholesky factor, double[] vector)
    {
        factor.Whiten(vector);
        return vector;
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    /// <summary>Mean and deviation of what a column has.</summary>
    private static (double Mean, double Deviation) ScaleOf(double[] rows, int width, int column)
    {
        double[] values = [.. Enumerable.Range(0, rows.Length / width).Select(row => rows[row * width + column]).Where(double.IsFinite)];
        var mean = values.Length == 0 ? 0 : values.Average();
        var deviation = values.Length == 0 ? 0 : Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        return (mean, deviation > 0 ? deviation : 1);
    }
}
