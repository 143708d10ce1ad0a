using System.Runtime.Intrinsics;

namespace FlowGrain.Flows.Numerics;

/// <summary>
/// A Gaussian kernel density estimate in the whitened space of a <see cref="Gaussian"/>: the classical density that a flow
/// in few columns has to beat. Costs one kernel for every pair of rows.
/// </summary>
/// <remarks>Source: Silverman 1986, "Density Estimation", chapter 4; one bandwidth, chosen on held-out rows.</remarks>
public sealed class KernelDensity
{
    private readonly Gaussian _whitening;
    private readonly int _dimension;
    private readonly float[][] _columns;
    private readonly int _rows;
    private readonly double _logJacobian;

    /// <summary>Centres a kernel on every training row <c>[N, D]</c>.</summary>
    public KernelDensity(Gaussian whitening, ReadOnlySpan<double> rows)
    {
        (_whitening, _dimension) = (whitening, whitening.Mean.Length);
        _rows = rows.Length / _dimension;
        _columns = Columns(rows);
        _logJacobian = -0.5 * new Cholesky(whitening.Covariance).LogDeterminant;
    }

    /// <summary>The bandwidth, in deviations of the whitened columns, that is best for held-out rows <c>[M, D]</c>: golden section on its logarithm.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public double BestBandwidth(double[] heldOut, CancellationToken cancellation)
    {
        const double Golden = 0.6180339887498949;
        const double Tolerance = 0.05; // of the logarithm: the likelihood is flat within five percent
        var (low, high) = (Math.Log(1e-3), Math.Log(2.0));
        var (left, right) = (high - Golden * (high - low), low + Golden * (high - low));
        var (atLeft, atRight) = (At(left), At(right));
        while (high - low > Tolerance)
        {
            if (atLeft > atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                atLeft = At(left = high - Golden * (high - low));
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                atRight = At(right = low + Golden * (high - low));
            }
        }

        return Math.Exp((low + high) / 2);

        double At(double logBandwidth) => MeanLogDensity(heldOut, Math.Exp(logBandwidth), cancellation);
    }

    /// <summary>Mean log-density of rows <c>[M, D]</c> in the units of the data, nats. Keeps all processors busy for long: call it on a thread of its own.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public double MeanLogDensity(double[] rows, double bandwidth, CancellationToken cancellation)
    {
        var sums = new double[rows.Length / _dimension];
        OwnThreads.For(sums.Length, i => sums[i] = LogDensity(rows.AsSpan(i * _dimension, _dimension), bandwidth), cancellation);
        return sums.Average();
    }

    private double LogDensity(ReadOnlySpan<double> row, double bandwidth)
    {
        Span<double> point = stackalloc double[_dimension];
        _whitening.Whiten(row, point);
        var squares = new float[(_rows + 7) / 8 * 8];
        Array.Fill(squares, float.PositiveInfinity, _rows, squares.Length - _rows);
        var nearest = Distances(point, squares);
        var scale = (float)(-0.5 / (bandwidth * bandwidth));
        var sum = 0.0;
        for (var i = 0; i < squares.Length; i += 8)
        {
            sum += Vector256.Sum(Vector256.Exp((Vector256.Create<float>(squares.AsSpan(i)) - Vector256.Create(nearest)) * scale));
        }

        var logNormalizer = Math.Log(_rows) + _dimension * (Math.Log(bandwidth) + 0.5 * Math.Log(2 * Math.PI));
        return Math.Log(sum) + nearest * scale - logNormalizer + _logJacobian;
    }

    private float Distances(ReadOnlySpan<double> point, float[] squares)
    {
        var nearest = float.PositiveInfinity;
        for (var i = 0; i < _rows; i++)
        {
            var square = 0f;
            for (var column = 0; column < _dimension; column++)
            {
                var difference = _columns[column][i] - (float)point[column];
                square += difference * difference;
            }

            squares[i] = square;
            nearest = Math.Min(nearest, square);
        }

        return nearest;
    }

    private float[][] Columns(ReadOnlySpan<double> rows)
    {
        float[][] columns = [.. Enumerable.Range(0, _dimension).Select(_ => new float[_rows])];
        Span<double> white = stackalloc double[_dimension];
        for (var i = 0; i < _rows; i++)
        {
            _whitening.Whiten(rows.Slice(i * _dimension, _dimension), white);
            for (var column = 0; column < _dimension; column++) columns[column][i] = (float)white[column];
        }

        return columns;
    }
}
