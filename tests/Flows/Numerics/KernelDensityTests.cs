using FlowGrain.Flows.Numerics;

namespace FlowGrain.Tests.Flows.Numerics;

public sealed class KernelDensityTests
{
    private static readonly Gaussian Whitening = new([1, -2], new[,] { { 4, 0.5 }, { 0.5, 0.25 } }, context: 0);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, InlineData(0.05), InlineData(0.3), InlineData(1.5)]
    public void Log_densities_agree_with_the_sum_over_all_kernels(double bandwidth)
    {
        var (train, test) = (Rows(203, "train"), Rows(50, "test"));
        var density = new KernelDensity(Whitening, train);
        Assert.Equal(BruteForce(train, test, bandwidth), density.MeanLogDensity(test, bandwidth, Cancellation), 1e-3);
    }

    [Fact]
    public void A_row_far_from_every_kernel_has_a_finite_log_density()
    {
        var density = new KernelDensity(Whitening, Rows(100, "train"));
        Assert.InRange(density.MeanLogDensity([400, 400], 0.3, Cancellation), -1e7, -1e3);
    }

    [Fact]
    public void It_integrates_to_one()
    {
        var density = new KernelDensity(new Gaussian([0], new[,] { { 4.0 } }, 0), [-3, 0, 0.5, 6]);
        var integral = Enumerable.Range(-2000, 4000).Sum(i => Math.Exp(density.MeanLogDensity([i * 0.01], 0.4, Cancellation)) * 0.01);
        Assert.Equal(1, integral, 1e-4);
    }

    [Fact]
    public void The_bandwidth_found_is_better_than_its_neighbours()
    {
        var (train, heldOut) = (Rows(500, "train"), Rows(200, "held out"));
        var density = new KernelDensity(Whitening, train);
        var best = density.BestBandwidth(heldOut, Cancellation);
        Assert.InRange(best, 0.05, 1);
        Assert.True(density.MeanLogDensity(heldOut, best, Cancellation) > density.MeanLogDensity(heldOut, best * 1.2, Cancellation));
        Assert.True(density.MeanLogDensity(heldOut, best, Cancellation) > density.MeanLogDensity(heldOut, best / 1.2, Cancellation));
    }

    [Fact]
    public void A_search_that_is_cancelled_ends()
    {
        var density = new KernelDensity(Whitening, Rows(100, "train"));
        Assert.Throws<OperationCanceledException>(() => density.BestBandwidth(Rows(100, "held out"), new CancellationToken(canceled: true)));
    }

    private static double BruteForce(double[] train, double[] test, double bandwidth)
    {
        var normalizer = -Math.Log(train.Length / 2) - 0.5 * Math.Log(4 * 0.25 - 0.25) - Math.Log(2 * Math.PI * bandwidth * bandwidth);
        return test.Chunk(2).Average(row => normalizer + Math.Log(train.Chunk(2).Sum(centre =>
        {
            var (x, y) = (row[0] - centre[0], row[1] - centre[1]);
            return Math.Exp(-0.5 * (0.25 * x * x - x * y + 4 * y * y) / 0.75 / (bandwidth * bandwidth));
        })));
    }

    private static double[] Rows(int count, string purpose)
    {
        var random = new CounterRandom(1, purpose);
        return [.. Enumerable.Range(0, count).SelectMany(i =>
        {
            var u = random.Normal(2 * i);
            return new[] { 1 + 2 * u, -2 + 0.25 * u + 0.433 * random.Normal(2 * i + 1) };
        })];
    }
}
