namespace FlowGrain.Data;

/// <summary>The correlation matrix as LLᵀ, built column by column in the order of the variance that is left.</summary>
internal sealed class PivotedCholesky
{
    private readonly List<int> _pivots = [];
    private readonly List<double[]> _factors = []; // one column of L for each pivot
    private readonly double[] _left;               // unexplained variance of each column
    private readonly Moments _moments;

    /// <summary>Prepares the factorisation; no column is explained yet but the constant ones.</summary>
    internal PivotedCholesky(Moments moments)
    {
        _moments = moments;
        _left = [.. Enumerable.Range(0, moments.Width).Select(column => moments.IsConstant(column) ? 0d : 1d)];
    }

    /// <summary>Whether the column was needed to explain the others.</summary>
    internal bool IsPivot(int column) => _pivots.Contains(column);

    /// <summary>Takes columns of the range as pivots until the rest of it is explained.</summary>
    internal void Reduce(int from, int to, double tolerance)
    {
        while (Largest(from, to, tolerance) is >= 0 and var pivot)
            Take(pivot);
    }

    /// <summary>The pivots that carry a weight above <paramref name="visible"/> in the column's combination.</summary>
    internal int[] Combination(int column, double visible)
    {
        var weights = Weights(column);
        return [.. _pivots.Where((_, i) => Math.Abs(weights[i]) > visible).Order()];
    }

    private int Largest(int from, int to, double tolerance)
    {
        var best = -1;
        for (var column = from; column < to; column++)
            if (_left[column] > tolerance && !IsPivot(column) && (best < 0 || _left[column] > _left[best])) best = column;
        return best;
    }

    private void Take(int pivot)
    {
        var root = Math.Sqrt(_left[pivot]);
        var factor = new double[_left.Length];
        for (var column = 0; column < factor.Length; column++)
            factor[column] = IsPivot(column) ? 0 : Residual(pivot, column) / root;
        for (var column = 0; column < factor.Length; column++)
            _left[column] -= factor[column] * factor[column];

        _pivots.Add(pivot);
        _factors.Add(factor);
    }

    private double Residual(int pivot, int column)
    {
        var residual = pivot == column ? 1 : Correlation(pivot, column);
        foreach (var factor in _factors)
            residual -= factor[pivot] * factor[column];
        return residual;
    }

    private double Correlation(int i, int j) => _moments.IsConstant(i) || _moments.IsConstant(j) ? 0 : _moments.Covariance(i, j) / (_moments.Deviation(i) * _moments.Deviation(j));

    // Solves Lᵀw = l for the column's own row l of L: its weights on the pivots, in standard deviations.
    private double[] Weights(int column)
    {
        var weights = new double[_pivots.Count];
        for (var i = weights.Length - 1; i >= 0; i--)
        {
            var rest = _factors[i][column];
            for (var k = i + 1; k < weights.Length; k++)
                rest -= _factors[i][_pivots[k]] * weights[k];
            weights[i] = rest / _factors[i][_pivots[i]];
        }

        return weights;
    }
}
