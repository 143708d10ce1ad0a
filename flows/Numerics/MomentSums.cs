namespace FlowGrain.Flows.Numerics;

/// <summary>Sums that give mean and covariance of rows, in float64, around an origin near the mean so that nothing cancels.</summary>
/// <param name="origin"><c>[D + C]</c>, a point near the middle of the rows.</param>
/// <param name="context">C; the context columns come last in a row and first in a <see cref="Gaussian"/>.</param>
public sealed class MomentSums(double[] origin, int context)
{
    private readonly int[] _order = [.. Enumerable.Range(origin.Length - context, context), .. Enumerable.Range(0, origin.Length - context)];
    private readonly double[] _sums = new double[origin.Length];
    private readonly double[,] _products = new double[origin.Length, origin.Length];
    private readonly double[] _centred = new double[origin.Length];

    /// <summary>Rows added.</summary>
    public long Rows { get; private set; }

    /// <summary>Adds a row <c>[D + C]</c>.</summary>
    public void Add(ReadOnlySpan<double> row)
    {
        Rows++;
        for (var i = 0; i < row.Length; i++) _centred[i] = row[_order[i]] - origin[_order[i]];
        for (var i = 0; i < row.Length; i++)
        {
            _sums[i] += _centred[i];
            for (var j = 0; j <= i; j++) _products[i, j] += _centred[i] * _centred[j];
        }
    }

    /// <summary>The maximum-likelihood Gaussian of the rows.</summary>
    /// <exception cref="ArgumentException">The covariance is not positive definite.</exception>
    public Gaussian Gaussian()
    {
        var n = _sums.Length;
        var mean = new double[n];
        var covariance = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            mean[i] = origin[_order[i]] + _sums[i] / Rows;
            for (var j = 0; j <= i; j++)
            {
                covariance[i, j] = covariance[j, i] = _products[i, j] / Rows - _sums[i] / Rows * (_sums[j] / Rows);
            }
        }

        return new Gaussian(mean, covariance, context);
    }
}
