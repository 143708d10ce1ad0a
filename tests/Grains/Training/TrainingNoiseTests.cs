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
    public void With_a_share_the_noise_of_a_row_follows_the_distance_to_its_nearest_neighbour_up_to_the_largest()
    {
        const double Share = 0.25;
        double[] places = [0, 0.01, 0.05, 0.05, 2, 9]; // in deviations; the third and fourth are equal
        double[] nearest = [0.01, 0.01, 0.04, 0.04, 1.95, 7];
        var sums = new double[places.Length];
        const int Passes = 4000;
        for (var pass = 0; pass < Passes; pass++)
        {
            var noise = Noise(Share, pass, places);
            for (var row = 0; row < places.Length; row++) sums[row] += noise[row] * noise[row] / Passes;
        }

        for (var row = 0; row < places.Length; row++)
        {
            var expected = Math.Min(Deviations, Share * nearest[row] / Math.Sqrt(2)); // the second column is equal in all rows
            Assert.Equal(expected, Math.Sqrt(sums[row]), 0.05 * expected);
        }
    }

    [Fact]
    public void Neighbours_are_looked_for_among_256_rows_whatever_the_shard_holds()
    {
        double[] places = [.. Enumerable.Range(0, 3 * TrainingNoise.Together).Select(row => 0.001 * row * row)];
        var whole = Noise(0.25, pass: 0, places);
        Assert.Equal(whole[..TrainingNoise.Together], Noise(0.25, pass: 0, places[..TrainingNoise.Together]));
    }

    [Fact]
    public void A_row_without_a_neighbour_gets_the_largest_deviation()
    {
        var alone = Noise(0.25, pass: 3, [0.5]);
        Assert.Equal(Noise(share: 0, pass: 3, [0.5]), alone);
    }

    /// <summary>What is added to the first column, in its deviations, of rows that differ only there.</summary>
    private static double[] Noise(double share, long pass, double[] places)
    {
        var scale = Spec.Standardize().Scale[0];
        var values = new double[places.Length * 3];
        for (var row = 0; row < places.Length; row++) values[3 * row] = places[row] * scale;
        new TrainingNoise(Spec, new NoiseScale(Deviations, share)).Add(pass, first: 0, values);
        return [.. places.Select((place, row) => values[3 * row] / scale - place)];
    }

    private static double[] Added(long pass, long first, int rows, FlowSpec? spec = null)
    {
        var values = new double[rows * 3];
        new TrainingNoise(spec ?? Spec, new NoiseScale(Deviations, Share: 0)).Add(pass, first, values);
        return values;
    }
}
