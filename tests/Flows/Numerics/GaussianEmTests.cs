using FlowGrain.Flows.Numerics;

namespace FlowGrain.Tests.Flows.Numerics;

public sealed class GaussianEmTests
{
    private const int Rows = 4_000;

    [Fact]
    public void Of_whole_rows_it_is_their_mean_and_covariance()
    {
        var rows = Correlated();
        var gaussian = GaussianEm.Fit(rows, 2, 1, CancellationToken.None);
        int[] order = [2, 0, 1]; // the context first
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(Mean(rows, order[i]), gaussian.Mean[i], 1e-6);
            for (var j = 0; j < 3; j++) Assert.Equal(Covariance(rows, order[i], order[j]), gaussian.Covariance[i, j], 1e-5);
        }
    }

    [Fact]
    public void What_is_missing_at_random_moves_it_no_further_than_fewer_rows_would()
    {
        var rows = Correlated();
        for (var row = 0; row < Rows; row++)
            if (row % 3 == 0) rows[3 * row + row % 2] = double.NaN;
        var (gaussian, whole) = (GaussianEm.Fit(rows, 2, 1, CancellationToken.None), Correlated());
        int[] order = [2, 0, 1];
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(Mean(whole, order[i]), gaussian.Mean[i], 0.05);
            for (var j = 0; j < 3; j++) Assert.Equal(Covariance(whole, order[i], order[j]), gaussian.Covariance[i, j], 0.12);
        }
    }

    [Fact]
    public void A_column_that_is_missing_where_another_is_large_keeps_its_true_mean()
    {
        var rows = Correlated();
        var mean = Mean(rows, 1);
        for (var row = 0; row < Rows; row++)
            if (rows[3 * row] > 1.5) rows[3 * row + 1] = double.NaN; // the mean of what is left is far off
        double[] left = [.. Enumerable.Range(0, Rows).Select(row => rows[3 * row + 1]).Where(double.IsFinite)];
        Assert.True(Math.Abs(left.Average() - mean) > 0.5);
        Assert.Equal(mean, GaussianEm.Fit(rows, 2, 1, CancellationToken.None).Mean[2], 0.1);
    }

    private static double[] Correlated()
    {
        var random = new CounterRandom(4, "em");
        var rows = new double[3 * Rows];
        for (var row = 0; row < Rows; row++)
        {
            var (u, v, w) = (random.Normal(3 * row), random.Normal(3 * row + 1), random.Normal(3 * row + 2));
            (rows[3 * row], rows[3 * row + 1], rows[3 * row + 2]) = (1 + u, -2 + 1.5 * u + 0.5 * v, 10 + 0.3 * u + w);
        }

        return rows;
    }

    private static double Mean(double[] rows, int column) => rows.Where((_, i) => i % 3 == column).Average();

    private static double Covariance(double[] rows, int a, int b)
    {
        var (meanA, meanB) = (Mean(rows, a), Mean(rows, b));
        return Enumerable.Range(0, Rows).Average(row => (rows[3 * row + a] - meanA) * (rows[3 * row + b] - meanB));
    }
}
