namespace FlowGrain.Flows.Numerics;

/// <summary>The standard normal distribution.</summary>
public static class NormalDistribution
{
    /// <summary>P(Z ≤ z), to 1.2e-7, by the rational approximation of the complementary error function in Numerical Recipes (Press et al. 1992, section 6.2).</summary>
    public static double Cumulative(double z)
    {
        var x = Math.Abs(z) / Math.Sqrt(2);
        var t = 1 / (1 + 0.5 * x);
        var polynomial = -1.26551223 + t * (1.00002368 + t * (0.37409196 + t * (0.09678418 + t * (-0.18628806 +
            t * (0.27886807 + t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277))))))));
        var tail = 0.5 * t * Math.Exp(-x * x + polynomial);
        return z >= 0 ? 1 - tail : tail;
    }
}
