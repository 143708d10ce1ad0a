using FlowGrain.Flows.Numerics;
using FlowGrain.Serving;

namespace FlowGrain.Tests.Grains.Serving.Detecting;

/// <summary>Densities on the line whose integral is known: 1.</summary>
public sealed class ConditionalDensityTests
{
    private const double FloatNoise = 1e-5;

    [Theory]
    [InlineData(0, 1, 5)]
    [InlineData(1.3, 0.05, 3)]
    [InlineData(-0.7, 1e-3, 4)]
    [InlineData(-0.7, 1e-5, 0)]
    [InlineData(100, 0.3, 100.5)] // far outside of the range, where the value is
    [InlineData(0, 30, 0)]
    public void A_normal_density_of_any_width_is_integrated_to_a_few_millionths(double mean, double deviation, double value)
    {
        var share = Ask(value, Normal(mean, deviation));
        Assert.Equal(Normal(mean, deviation)(value), share.LogProb, 2e-5 + 2e-7 * Math.Abs(share.LogProb));
        Assert.InRange(share.Error, 0, 0.02);
        Assert.Equal((mean - 1.645 * deviation, mean + 1.645 * deviation), (share.Low, share.High), Near(0.07 * deviation));
        Assert.Equal((value - mean) * (value - mean) / deviation / deviation / 2 - 0.5, share.Surprise, 0.02 + 1e-6 * Math.Abs(share.LogProb));
    }

    [Fact]
    public void The_error_is_at_least_the_true_one_in_19_of_20_mixtures()
    {
        var random = new CounterRandom(5, "mixtures");
        var (honest, errors) = (0, new List<double>());
        for (var i = 0; i < 400; i++)
        {
            var density = Mixture(random.At(i));
            var value = 3 * random.Normal(i);
            var share = Ask(value, density);
            var off = Math.Abs(share.LogProb - density(value));
            honest += off <= share.Error + FloatNoise * Math.Max(1, Math.Abs(density(value))) ? 1 : 0;
            errors.Add(share.Error);
        }

        errors.Sort();
        Assert.True(honest >= 380, $"{honest} of 400 are within their error");
        Assert.InRange(errors[errors.Count / 2], 0, 0.02); // and says something
    }

    [Fact]
    public void Needles_that_128_points_cannot_see_apart_are_said_to_be_unresolved()
    {
        var comb = (double t) => Math.Abs(t) < 3 && Math.Abs(Math.IEEERemainder(t, 0.05)) < 0.002 ? Math.Log(1 / (6 * 0.08)) : -200.0;
        Assert.True(Ask(0.5, comb).Error > 0.05, $"{Ask(0.5, comb)}");
    }

    [Fact]
    public void A_value_that_cannot_be_where_others_can_is_infinitely_surprising()
    {
        var share = Ask(5, t => t is > 0 and < 1 ? 0 : double.NegativeInfinity);
        Assert.Equal((double.NegativeInfinity, double.PositiveInfinity), (share.LogProb, share.Surprise));
        Assert.InRange(share.Low, -0.1, 0.2);
        Assert.True(double.IsNaN(Ask(5, _ => double.NegativeInfinity).LogProb));
    }

    [Fact]
    public void A_change_of_the_unit_changes_no_surprise()
    {
        var (metres, millimetres) = (Ask(2.5, Normal(0, 0.7)), Ask(2500, Normal(0, 700), scale: 1000));
        Assert.Equal(metres.Surprise, millimetres.Surprise, 1e-4);
        Assert.Equal(metres.LogProb - Math.Log(1000), millimetres.LogProb, 1e-4);
    }

    [Fact]
    public void It_asks_for_128_densities()
    {
        var (conditional, asked) = (new ConditionalDensity(1, Normal(0, 1)(1), 0, 1, 0), 0);
        for (double[] points; (points = conditional.Next()).Length > 0;) asked += Answer(conditional, points, Normal(0, 1));
        Assert.Equal(ConditionalDensity.Calls, asked);
    }

    [Fact]
    public void A_level_is_as_likely_as_its_share_of_the_sum_over_all_levels()
    {
        var conditional = new ConditionalLevels(level: 2, levels: 3, rounding: 0);
        Assert.Equal([0, 1, 2], conditional.Next());
        conditional.Add([MathF.Log(0.06f), MathF.Log(0.03f), MathF.Log(0.01f)]);
        Assert.Empty(conditional.Next());
        var share = conditional.Share("city");
        Assert.Equal(Math.Log(0.1), share.LogProb, 1e-6);
        Assert.Equal(0.6 * Math.Log(0.6) + 0.3 * Math.Log(0.3) + 0.1 * Math.Log(0.1) - Math.Log(0.1), share.Surprise, 1e-6);
    }

    private static ColumnShare Ask(double value, Func<double, double> density, double scale = 1)
    {
        var conditional = new ConditionalDensity(value, (float)density(value), 0, scale, 0);
        for (double[] points; (points = conditional.Next()).Length > 0;) Answer(conditional, points, density);
        return conditional.Share("x");
    }

    private static int Answer(ConditionalDensity conditional, double[] points, Func<double, double> density)
    {
        conditional.Add([.. points.Select(point => (float)density(point))]);
        return points.Length;
    }

    private static Func<double, double> Normal(double mean, double deviation) =>
        t => -(t - mean) * (t - mean) / deviation / deviation / 2 - Math.Log(deviation * Math.Sqrt(2 * Math.PI));

    /// <summary>One to three normal densities, from a fiftieth of the column's spread to all of it wide.</summary>
    private static Func<double, double> Mixture(CounterRandom random)
    {
        var parts = Enumerable.Range(0, 1 + (int)random.Below(3, 0)).Select(i => (Share: 0.05 + random.Uniform(3 * i + 1), Density: Normal(1.2 * random.Normal(100 + i), Math.Exp(-4 * random.Uniform(3 * i + 2))))).ToList();
        var total = parts.Sum(part => part.Share);
        return t =>
        {
            double[] logs = [.. parts.Select(part => Math.Log(part.Share / total) + part.Density(t))];
            return logs.Max() + Math.Log(logs.Sum(log => Math.Exp(log - logs.Max())));
        };
    }

    private static IEqualityComparer<(double, double)> Near(double tolerance) => EqualityComparer<(double Low, double High)>.Create(
        (a, b) => Math.Abs(a.Low - b.Low) <= tolerance && Math.Abs(a.High - b.High) <= tolerance, _ => 0);
}
