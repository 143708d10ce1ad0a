namespace FlowGrain.Flows.Numerics;

/// <summary>Points that are spread as a standard normal is, more evenly than random ones: means over them are off by about 1/n.</summary>
/// <remarks>
/// Point i has the coordinates <c>Φ⁻¹(frac(½ + i φ^−k))</c> with φ the root of <c>φ^(D+1) = φ + 1</c>: the additive recurrence of Roberts 2018,
/// "The Unreasonable Effectiveness of Quasirandom Sequences". Where D is large, φ^−k are too near to one another, and the mean over these is as over random points.
/// </remarks>
internal static class EvenNormals
{
    /// <summary>The points <c>[n, D]</c>, row-major.</summary>
    internal static double[] Points(int count, int dimension) => Points(count, [.. Enumerable.Repeat(0.5, dimension)]);

    /// <summary>The points <c>[n, D]</c> turned by a random amount in each coordinate: each is then a draw of the normal, and a mean over them right on average (Cranley and Patterson 1976).</summary>
    internal static double[] Turned(int count, int dimension, CounterRandom random) => Points(count, [.. Enumerable.Range(0, dimension).Select(column => random.Uniform(column))]);

    private static double[] Points(int count, double[] start)
    {
        var dimension = start.Length;
        var root = Root(dimension);
        double[] steps = [.. Enumerable.Range(1, dimension).Select(k => PortableMath.Exp(-k * PortableMath.Log(root)))];
        var points = new double[count * dimension];
        for (var i = 0; i < points.Length; i++)
        {
            var turns = start[i % dimension] + (i / dimension + 1) * steps[i % dimension];
            points[i] = NormalDistribution.Quantile(turns - Math.Floor(turns));
        }

        return points;
    }

    private static double Root(int dimension)
    {
        var root = 2.0;
        for (var step = 0; step < 100; step++) root = PortableMath.Exp(PortableMath.Log(1 + root) / (dimension + 1));
        return root;
    }
}
