using FlowGrain.Flows.Numerics;
using FlowGrain.Serving;

namespace FlowGrain.Tests.Grains.Serving.Detecting;

/// <summary>What p-values and thresholds promise.</summary>
public sealed class ScoreReferenceTests
{
    [Fact]
    public void P_values_of_rows_like_the_reference_are_uniform()
    {
        const int Rows = 2000;
        var reference = new ScoreReference(Normals("reference", Rows));
        double[] values = [.. Normals("others", 20_000).Select(reference.PValue).Order()];
        var worst = values.Select((value, i) => Math.Abs((i + 1.0) / values.Length - value)).Max();
        Assert.True(worst < 1.6 / Math.Sqrt(Rows), $"they are {worst} from uniform"); // Kolmogorov–Smirnov at one in a hundred
    }

    [Fact]
    public void A_p_value_counts_the_reference_rows_that_are_as_anomalous_itself_included()
    {
        var reference = new ScoreReference([3, 1, 2, 2]);
        Assert.Equal([1.0, 1.0, 0.8, 0.4, 0.2], new[] { 0f, 1f, 2f, 3f, 4f }.Select(reference.PValue));
        Assert.Equal(0.2, reference.PValue(float.PositiveInfinity));
        Assert.True(double.IsNaN(reference.PValue(float.NaN)));
    }

    [Fact]
    public void A_less_likely_row_never_has_a_higher_p_value()
    {
        var reference = new Reference([.. Normals("reference", 500)], new float[500]);
        double[] values = [.. Normals("others", 500).Order().Select(log => reference.Of(DetectionScore.LogProb).PValue(reference.Score(DetectionScore.LogProb, log, 0)))];
        Assert.Equal(values.Order(), values);
    }

    [Theory, InlineData(0), InlineData(1)]
    public void A_threshold_is_the_smallest_that_keeps_to_the_rate(int decimals)
    {
        var rows = Normals("ties", 100).Select(value => decimals == 0 ? value : MathF.Round(value, decimals)).ToArray();
        var reference = new ScoreReference(rows);
        for (var percent = 1; percent < 100; percent++)
        {
            var threshold = reference.Threshold(percent / 100.0);
            Assert.InRange(reference.ShareAbove(threshold), 0, percent / 100.0);
            Assert.True(reference.ShareAbove(Math.BitDecrement((float)threshold)) > percent / 100.0);
            if (decimals == 0) Assert.Equal(percent / 100.0, reference.ShareAbove(threshold), 1e-12);
        }
    }

    [Fact]
    public void A_rate_that_so_few_rows_cannot_show_is_refused_with_one_that_they_can()
    {
        var reference = new ScoreReference(Normals("few", 50));
        var sentence = Assert.Throws<BadInputException>(() => reference.Threshold(0.01)).Message;
        Assert.Contains("50 rows, which can show no rate below 1 in 51, and 0.01 is asked for; take a rate of 0.02 or more", sentence);
        Assert.Equal(0, reference.ShareAbove(reference.Threshold(0.0197)));
        Assert.Throws<BadInputException>(() => reference.Threshold(1));
    }

    [Fact]
    public void Typicality_finds_rows_that_are_too_likely_as_well()
    {
        var reference = new Reference([-3, -2, -1], [1, 1, 1]);
        Assert.Equal(-2, reference.Mean);
        Assert.Equal(reference.Score(DetectionScore.Typicality, -7, 0), reference.Score(DetectionScore.Typicality, 3, 0));
        Assert.Equal(float.PositiveInfinity, reference.Score(DetectionScore.Typicality, float.NegativeInfinity, 0));
        Assert.Equal(float.PositiveInfinity, reference.Score(DetectionScore.LogProb, float.NegativeInfinity, 0));
    }

    [Fact]
    public void A_latent_norm_is_of_what_a_row_has_and_infinite_where_its_density_is_zero() =>
        Assert.Equal([25, 9, float.PositiveInfinity, float.NaN], LatentNorm.Of([-1, -1, float.NegativeInfinity, float.NaN], [3, 4, 3, float.NaN, 1, 1, 1, 1]));

    private static float[] Normals(string stream, int count)
    {
        var random = new CounterRandom(1, stream);
        return [.. Enumerable.Range(0, count).Select(i => (float)random.Normal(i))];
    }
}
