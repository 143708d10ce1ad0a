namespace FlowGrain.Flows.Numerics;

/// <summary>The lower Cholesky factor of a symmetric positive definite matrix, in float64.</summary>
public sealed class Cholesky
{
    private readonly double[,] _lower;

    /// <summary>Factors <c>A = L Lᵀ</c>.</summary>
    /// <exception cref="ArgumentException">A is not positive definite.</exception>
    public Cholesky(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        _lower = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++) _lower[i, j] = Entry(matrix, i, j);
            LogDeterminant += 2 * Math.Log(_lower[i, i]);
        }
    }

    /// <summary>log det A.</summary>
    public double LogDeterminant { get; }

    /// <summary>Solves <c>L y = v</c> in place: whitens a centred row.</summary>
    public void Whiten(Span<double> v)
    {
        for (var i = 0; i < v.Length; i++)
        {
            for (var j = 0; j < i; j++) v[i] -= _lower[i, j] * v[j];
            v[i] /= _lower[i, i];
        }
    }

    private double Entry(double[,] matrix, int i, int j)
    {
        var sum = matrix[i, j];
        for (var k = 0; k < j; k++) sum -= _lower[i, k] * _lower[j, k];
        if (i != j) return sum / _lower[j, j];
        return sum > 0 ? Math.Sqrt(sum) : throw new ArgumentException($"The matrix is not positive definite at row {i}.", nameof(matrix));
    }
}
