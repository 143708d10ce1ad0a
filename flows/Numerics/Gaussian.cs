namespace FlowGrain.Flows.Numerics;

/// <summary>
/// The full-covariance Gaussian that every flow is compared with, in float64. With context it is the linear-Gaussian
/// conditional <c>p(x | c) = N(x, c) / N(c)</c> of the joint Gaussian.
/// </summary>
public sealed class Gaussian
{
    private readonly Cholesky _joint;
    private readonly Cholesky? _context;

    /// <summary>A Gaussian of known moments.</summary>
    /// <param name="mean"><c>[C + D]</c>: the context first, then the columns modelled.</param>
    /// <param name="covariance"><c>[C + D, C + D]</c>, same order.</param>
    /// <param name="context">C.</param>
    /// <exception cref="ArgumentException">The covariance is not positive definite.</exception>
    public Gaussian(double[] mean, double[,] covariance, int context)
    {
        (Mean, Covariance, Context) = (mean, covariance, context);
        _joint = new Cholesky(covariance);
        _context = context == 0 ? null : new Cholesky(TopLeft(covariance, context));
    }

    /// <summary><c>[C + D]</c>, the context first.</summary>
    public double[] Mean { get; }

    /// <summary><c>[C + D, C + D]</c>, the context first.</summary>
    public double[,] Covariance { get; }

    /// <summary>Columns conditioned on, C.</summary>
    public int Context { get; }

    /// <summary>log p(x | c) of a row <c>[D + C]</c> in the units of the data, nats.</summary>
    public double LogDensity(ReadOnlySpan<double> row)
    {
        Span<double> white = stackalloc double[row.Length];
        Whiten(row, white);
        var d = row.Length - Context;
        var logDeterminant = _joint.LogDeterminant - (_context?.LogDeterminant ?? 0);
        var square = 0.0;
        foreach (var value in white[Context..]) square += value * value; // the context's own terms cancel
        return -0.5 * (square + logDeterminant + d * Math.Log(2 * Math.PI));
    }

    /// <summary>The row with mean 0 and unit covariance, context first.</summary>
    internal void Whiten(ReadOnlySpan<double> row, Span<double> white)
    {
        row[^Context..].CopyTo(white);
        row[..^Context].CopyTo(white[Context..]);
        for (var i = 0; i < white.Length; i++) white[i] -= Mean[i];
        _joint.Whiten(white);
    }

    private static double[,] TopLeft(double[,] matrix, int n)
    {
        var block = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++) block[i, j] = matrix[i, j];
        }

        return block;
    }
}
