namespace FlowGrain.Data;

/// <summary>A column that the others determine exactly, up to rounding.</summary>
/// <param name="Column">The determined column.</param>
/// <param name="On">The columns it is a linear combination of (and a constant).</param>
internal sealed record LinearDependence(int Column, int[] On)
{
    // Variance that the others leave unexplained, as a share of the column's own. Rounding leaves 1e-15;
    // a correlation of 0.999999 still leaves 2e-6.
    private const double Tolerance = 1e-10;
    private const double Visible = 1e-4; // a weight below this is rounding, not part of the combination

    /// <summary>Finds the modelled columns that the others determine; without those none does. Constant columns are left aside.</summary>
    /// <param name="moments">Statistics of the columns, those to model first.</param>
    /// <param name="dimension">How many are modelled; a context column may depend on other context.</param>
    /// <remarks>
    /// Cholesky factorisation of the correlation matrix, context first, then always the column with the most variance left
    /// (Higham 2002, "Accuracy and Stability of Numerical Algorithms", section 10.3).
    /// </remarks>
    internal static LinearDependence[] Find(Moments moments, int dimension)
    {
        var factor = new PivotedCholesky(moments);
        factor.Reduce(dimension, moments.Width, Tolerance);
        factor.Reduce(0, dimension, Tolerance);

        return [.. Enumerable.Range(0, dimension)
            .Where(column => !factor.IsPivot(column) && !moments.IsConstant(column))
            .Select(column => new LinearDependence(column, factor.Combination(column, Visible)))];
    }
}
