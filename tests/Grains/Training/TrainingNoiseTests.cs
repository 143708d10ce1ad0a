using FlowGrain.Flows;
using FlowGrain.Tests.Flows;
using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

public sealed class TrainingNoiseTests
{
    private const double Deviations = 0.1;

    private static readonly FlowSpec Spec = TestFlows.Spec("nsf", dimension: 2, context: 1);

    [Fact]
    public void It_is_a_pure_function_of_pass_and_position()
    {
        var whole = Added(pass: 3, first: 100, rows: 50);
        Assert.Equal(whole[(20 * 3)..], Added(pass: 3, first: 120, rows: 30));
        Assert.Equal(whole, Added(pass: 3, first: 100, rows: 50));
    }

    [Fact]
    public void Another_pass_another_position_and_another_seed_bring_other_noise()
    {
        Assert.NotEqual(Added(0, 0, 10), Added(1, 0, 10));
        Assert.NotEqual(Added(0, 0, 10), Added(0, 10, 10));
        Assert.NotEqual(Added(0, 0, 10), Added(0, 0, 10, Spec with { Seed = 8 }));
    }

    [Fact]
    public void It_has_the_deviation_asked_for_in_the_scale_of_each_column_and_leaves_the_context()
    {
        const int Rows = 20_000;
        var noise = Added(pass: 0, first: 0, Rows);
        for (var column = 0; column < 2; column++)
        {
            double[] values = [.. Enumerable.Range(0, Rows).Select(row => noise[3 * row + column])];
            var expected = Deviations * Spec.Standardize().Scale[column];
            Assert.Equal(0, values.Average(), 4 * expected / Math.Sqrt(Rows));
            Assert.Equal(expected, Math.Sqrt(values.Average(value => value * value)), 0.03 * expected);
        }

        Assert.All(Enumerable.Range(0, Rows), row => Assert.Equal(0, noise[3 * row + 2]));
    }

    [Fact]
    public void A_spread_draws_the_logarithm_of_a_rows_deviation_uniformly_below_the_largest()
    {
        const int Rows = 20_000;
        const double Spread = 16;
        var noise = Added(pass: 0, first: 0, Rows, spread: Spread);
        double[] radius = [.. Enumerable.Range(0, Rows).Select(row => Math.Sqrt(Enumerable.Range(0, 2).Sum(column => Math.Pow(noise[3 * row + column] / Spec.Standardize().Scale[column], 2))))];

        // E ln of the radius of two standard normals is (ln 2 − γ)/2; the spread lowers it by half of its logarithm.
        var expected = Math.Log(Deviations) + (Math.Log(2) - 0.5772156649) / 2 - Math.Log(Spread) / 2;
        var deviation = Math.Sqrt(Math.PI * Math.PI / 24 + Math.Pow(Math.Log(Spread), 2) / 12);
        Assert.Equal(expected, radius.Average(Math.Log), 4 * deviation / Math.Sqrt(Rows));
        Assert.Equal(deviation, Math.Sqrt(radius.Average(value => Math.Pow(Math.Log(value) - expected, 2))), 0.03 * deviation);
    }

    private static double[] Added(long pass, long first, int rows, FlowSpec? spec = null, double spread = 1)
    {
        var values = new double[rows * 3];
        new TrainingNoise(spec ?? Spec, new NoiseScale(Deviations, spread)).Add(pass, first, values);
        return values;
    }
}
