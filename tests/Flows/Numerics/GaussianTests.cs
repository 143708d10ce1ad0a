using FlowGrain.Flows.Numerics;

namespace FlowGrain.Tests.Flows.Numerics;

public sealed class GaussianTests
{
    [Fact]
    public void The_log_density_is_the_formula_in_two_columns()
    {
        var (a, b, c) = (4.0, -1.2, 0.9); // covariance [[a, b], [b, c]]
        var gaussian = new Gaussian([1, -2], new[,] { { a, b }, { b, c } }, context: 0);
        var (x, y) = (2.5 - 1, -1.0 + 2);
        var determinant = a * c - b * b;
        var square = (c * x * x - 2 * b * x * y + a * y * y) / determinant;
        Assert.Equal(-0.5 * (square + Math.Log(determinant)) - Math.Log(2 * Math.PI), gaussian.LogDensity([2.5, -1]), 1e-12);
    }

    [Fact]
    public void Given_context_it_is_the_linear_gaussian_conditional()
    {
        // Context first: c ~ N(3, 4), x | c ~ N(1 + 0.5 (c − 3), 2).
        var gaussian = new Gaussian([3, 1], new[,] { { 4, 2.0 }, { 2.0, 3 } }, context: 1);
        var (x, c) = (2.2, 5.0);
        var mean = 1 + 0.5 * (c - 3);
        Assert.Equal(-0.5 * ((x - mean) * (x - mean) / 2 + Math.Log(2 * Math.PI * 2)), gaussian.LogDensity([x, c]), 1e-12);
    }

    [Fact]
    public void The_density_integrates_to_one_in_the_columns_modelled()
    {
        var gaussian = new Gaussian([3, 1], new[,] { { 4, 2.0 }, { 2.0, 3 } }, context: 1);
        var integral = Enumerable.Range(-4000, 8000).Sum(i => Math.Exp(gaussian.LogDensity([1 + i * 0.005, 4.0])) * 0.005);
        Assert.Equal(1, integral, 1e-9);
    }

    [Fact]
    public void A_covariance_that_is_not_positive_definite_is_refused_with_its_row()
    {
        Assert.Contains("row 1", Assert.Throws<ArgumentException>(() => new Cholesky(new[,] { { 1.0, 1.0 }, { 1.0, 1.0 } })).Message);
        Assert.Contains("row 0", Assert.Throws<ArgumentException>(() => new Cholesky(new[,] { { double.NaN } })).Message);
        Assert.Throws<ArgumentException>(() => new Gaussian([0, 0], new[,] { { 1.0, 2.0 }, { 2.0, 1.0 } }, 0));
    }

    [Fact]
    public void The_factor_has_the_determinant_and_whitens()
    {
        var cholesky = new Cholesky(new[,] { { 4.0, 2, 0.4 }, { 2, 5, 1 }, { 0.4, 1, 3 } });
        Assert.Equal(Math.Log(4 * (15 - 1) - 2 * (6 - 0.4) + 0.4 * (2 - 2)), cholesky.LogDeterminant, 1e-12);
        Span<double> v = [2, 1, 3];
        cholesky.Whiten(v);
        Assert.Equal([1, 0], v[..2].ToArray()); // L = [[2, 0, 0], [1, 2, 0], …]
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.841344746068543)]
    [InlineData(-1, 0.158655253931457)]
    [InlineData(2.5, 0.993790334674224)]
    [InlineData(-5, 2.866515718791939e-7)]
    [InlineData(40, 1)]
    [InlineData(-40, 0)]
    public void The_normal_distribution_function_is_right_to_seven_digits(double z, double probability) =>
        Assert.Equal(probability, NormalDistribution.Cumulative(z), 1.2e-7);

    [Fact]
    public void The_normal_distribution_function_never_falls()
    {
        for (var z = -8.0; z < 8; z += 0.01) Assert.True(NormalDistribution.Cumulative(z + 0.01) >= NormalDistribution.Cumulative(z) - 1e-9);
    }
}
