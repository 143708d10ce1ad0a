using FlowGrain.Flows.Numerics;

namespace FlowGrain.Tests.Flows.Numerics;

public sealed class CounterRandomTests
{
    private const int Draws = 200_000;

    private static readonly CounterRandom Random = new(42, "test");

    [Fact]
    public void The_numbers_never_change()
    {
        Assert.Equal([0x585dbdb258e5c6f2, 0xd4d51c3c36c8ad0a, 0x630f7eb478261bcc], Enumerable.Range(0, 3).Select(i => Random.Bits(i)));
        Assert.Equal(0xe0c6f3ff497a631e, Random.At(7).Bits(9));
        Assert.Equal(-0.44432917996459276, Random.Normal(5), 1e-15);
        Assert.Equal([0, 7, 1, 2, 3, 6, 5, 4], Random.Permutation(8));
    }

    [Fact]
    public void Uniform_draws_fill_the_unit_interval_evenly()
    {
        var counts = new int[100];
        for (var i = 0; i < Draws; i++) counts[(int)(Random.Uniform(i) * 100)]++;
        var expected = Draws / 100.0;
        var chiSquare = counts.Sum(count => (count - expected) * (count - expected) / expected);
        Assert.InRange(chiSquare, 50, 160); // 99 degrees of freedom: mean 99, deviation 14
    }

    [Fact]
    public void Normal_draws_have_the_moments_of_the_normal_distribution()
    {
        double[] draws = [.. Enumerable.Range(0, Draws).Select(i => Random.Normal(i))];
        double Moment(int power) => draws.Average(draw => Math.Pow(draw, power));
        Assert.Equal(0, Moment(1), 0.01);
        Assert.Equal(1, Moment(2), 0.02);
        Assert.Equal(0, Moment(3), 0.04);
        Assert.Equal(3, Moment(4), 0.12);
        Assert.Equal(0.15866, draws.Count(draw => draw < -1) / (double)Draws, 0.004);
    }

    [Theory, InlineData(0, 0), InlineData(0, 1), InlineData(1, 1), InlineData(1, 2), InlineData(4, 6), InlineData(5, 7), InlineData(5, 8), InlineData(-3, 6), InlineData(7, 600)]
    public void Many_normal_draws_are_those_drawn_one_by_one(long first, int count)
    {
        var (draws, rounded) = (new double[count], new float[count]);
        Random.Normals(first, draws);
        Random.Normals(first, rounded);
        Assert.Equal(Enumerable.Range(0, count).Select(i => Random.Normal(first + i)), draws);
        Assert.Equal(draws.Select(draw => (float)draw), rounded);
    }

    [Fact]
    public void Neighbouring_draws_streams_and_purposes_are_uncorrelated()
    {
        Uncorrelated(i => Random.Normal(i), i => Random.Normal(i + 1));
        Uncorrelated(i => Random.Normal(2 * i), i => Random.Normal(2 * i + 1));
        Uncorrelated(i => Random.Normal(i), i => new CounterRandom(42, "tesu").Normal(i));
        Uncorrelated(i => Random.Normal(i), i => new CounterRandom(43, "test").Normal(i));
        Uncorrelated(i => Random.At(0).Normal(i), i => Random.At(1).Normal(i));
        Uncorrelated(i => Random.At(i).Normal(0), i => Random.At(i + 1).Normal(0));
        Uncorrelated(i => Random.Normal(i), i => Random.At(0).Normal(i));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(100), InlineData(4097)]
    public void A_permutation_names_every_number_once(int n) => Assert.Equal(Enumerable.Range(0, n), Random.Permutation(n).Order());

    [Fact]
    public void Every_permutation_of_three_is_as_likely()
    {
        var counts = Enumerable.Range(0, 6000).CountBy(i => string.Join("", Random.At(i).Permutation(3))).ToList();
        Assert.Equal(6, counts.Count);
        Assert.All(counts, count => Assert.InRange(count.Value, 880, 1120)); // four deviations
    }

    [Fact]
    public void Integers_stay_below_their_bound_and_reach_every_value()
    {
        Assert.Equal(Enumerable.Range(0, 7).Select(value => (long)value), Enumerable.Range(0, 1000).Select(i => Random.Below(7, i)).Distinct().Order());
        Assert.InRange(Random.Below(long.MaxValue, 3), 0, long.MaxValue - 1);
    }

    [Fact]
    public void Negative_seeds_and_indices_are_streams_of_their_own()
    {
        Assert.NotEqual(new CounterRandom(-1, "a").Bits(0), new CounterRandom(1, "a").Bits(0));
        Assert.NotEqual(Random.At(-1).Bits(0), Random.At(1).Bits(0));
    }

    private static void Uncorrelated(Func<int, double> one, Func<int, double> other)
    {
        const int Pairs = 50_000;
        var correlation = Enumerable.Range(0, Pairs).Average(i => one(i) * other(i));
        Assert.Equal(0, correlation, 5 / Math.Sqrt(Pairs)); // five deviations
    }
}
