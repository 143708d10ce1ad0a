using System.Collections.Immutable;

namespace FlowGrain.Serving;

/// <summary>A mixture of Cauchy densities on the line: <c>f(t) = Σ w / (π s (1 + ((t − m)/s)²))</c>.</summary>
/// <remarks>
/// Its quantiles are where an integral is summed: <c>∫ p dt = ∫ p/f du</c>, u uniform in (0, 1), which is a smooth function that
/// the midpoint rule takes well. With one component it is the substitution <c>t = m + s·tan(π(u − ½))</c>.
/// </remarks>
internal sealed class CauchyMixture(ImmutableArray<CauchyComponent> components)
{
    /// <summary>The quantiles of (k + ½)/n with what each stands for, <c>1/(n·f)</c>.</summary>
    internal (double Point, double Weight)[] Midpoints(int count)
    {
        var midpoints = new (double, double)[count];
        for (var k = 0; k < count; k++)
        {
            var point = Quantile((k + 0.5) / count);
            midpoints[k] = (point, 1 / (count * Density(point)));
        }

        return midpoints;
    }

    private double Quantile(double u)
    {
        var turn = Math.Tan(Math.PI * (u - 0.5));
        var (low, high) = (components.Min(one => one.Center + one.Scale * turn), components.Max(one => one.Center + one.Scale * turn));
        while ((low + high) / 2 is var middle && middle > low && middle < high)
        {
            if (Cumulative(middle) < u) low = middle;
            else high = middle;
        }

        return low;
    }

    private double Cumulative(double t)
    {
        var sum = 0.0;
        foreach (var one in components) sum += one.Share * (0.5 + Math.Atan((t - one.Center) / one.Scale) / Math.PI);
        return sum;
    }

    private double Density(double t)
    {
        var sum = 0.0;
        foreach (var one in components) sum += one.Share / (Math.PI * one.Scale * (1 + Math.Pow((t - one.Center) / one.Scale, 2)));
        return sum;
    }
}

/// <summary>One of the densities.</summary>
/// <param name="Share">Its weight; all add up to 1.</param>
/// <param name="Center">Its middle.</param>
/// <param name="Scale">Half of the distance that has half of its mass.</param>
internal readonly record struct CauchyComponent(double Share, double Center, double Scale);
