using FlowGrain.Flows.Numerics;

namespace FlowGrain.Tests.Flows.Numerics;

public sealed class NormalDistributionTests
{
    [Theory] // of Python's statistics.NormalDist
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.9599639845400536)]
    [InlineData(0.1, -1.2815515655446008)]
    [InlineData(0.01, -2.3263478740408408)]
    [InlineData(1e-12, -7.034483825301131)]
    public void A_quantile_is_where_that_share_lies_below(double p, double z) => Assert.Equal(z, NormalDistribution.Quantile(p), 1e-13);

    [Theory, InlineData(1), InlineData(2), InlineData(5)]
    public void Even_points_have_the_moments_of_a_normal(int dimension)
    {
        var points = EvenNormals.Points(4096, dimension);
        for (var column = 0; column < dimension; column++)
        {
            var values = points.Where((_, i) => i % dimension == column).ToArray();
            Assert.Equal(0, values.Average(), 1e-2); // random ones are off by 1.6e-2
            Assert.Equal(1, values.Average(value => value * value), 1e-2);
        }
    }

    [Theory, InlineData(1), InlineData(4), InlineData(64)]
    public void Gauss_legendre_is_exact_up_to_degree_2n_minus_1(int count)
    {
        var (nodes, weights) = GaussLegendre.Rule(count);
        for (var power = 0; power < 2 * count; power++)
            Assert.Equal(1.0 / (power + 1), nodes.Zip(weights, (node, weight) => weight * Math.Pow(node, power)).Sum(), 1e-13);
    }
}
