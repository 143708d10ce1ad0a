using System.Collections.Immutable;

namespace FlowGrain.Flows.Numerics;

/// <summary>Quadrature that is exact for polynomials of degree 2n − 1: <c>∫₀¹ f(t) dt ≈ Σ w_i f(t_i)</c>.</summary>
/// <remarks>The nodes are the zeros of the Legendre polynomial, found by Newton's steps from their asymptotic places.</remarks>
internal static class GaussLegendre
{
    /// <summary>Nodes on [0, 1], ascending, and their weights.</summary>
    internal static (ImmutableArray<double> Nodes, ImmutableArray<double> Weights) Rule(int count)
    {
        var rule = Enumerable.Range(0, count).Select(i => Node(count, i)).ToArray();
        return ([.. rule.Select(at => at.Node)], [.. rule.Select(at => at.Weight)]);
    }

    private static (double Node, double Weight) Node(int count, int index)
    {
        const int Steps = 20; // far more than it needs

        var x = -Math.Cos(Math.PI * (index + 0.75) / (count + 0.5));
        var slope = 0.0;
        for (var step = 0; step < Steps; step++)
        {
            (var value, slope) = Legendre(count, x);
            x -= value / slope;
        }

        return ((x + 1) / 2, 1 / ((1 - x * x) * slope * slope));
    }

    /// <summary>Pₙ(x) and its derivative, by the recurrence of three terms.</summary>
    private static (double Value, double Slope) Legendre(int n, double x)
    {
        var (before, value) = (0.0, 1.0);
        for (var k = 1; k <= n; k++) (before, value) = (value, ((2 * k - 1) * x * value - (k - 1) * before) / k);
        return (value, n * (x * value - before) / (x * x - 1));
    }
}
