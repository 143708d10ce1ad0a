using System.Text.Json;
using FlowGrain.Serving;
using FlowGrain.Storage;
using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>What a run writes down for the page of its model.</summary>
public sealed class PortraitTests
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task Training_rows_and_samples_of_a_model_that_has_learned_look_alike(bool context)
    {
        await using var embedded = await EmbeddedFixture.Start();
        var result = await embedded.Train("m", embedded.Plan("realnvp", steps: 300, context: context) with { TestFraction = 0.2 });
        var record = Record(result);
        Assert.Equal(context ? ["a", "b", "c"] : ["a", "b"], record.Columns.Select(column => column.Name));
        Assert.All(record.Columns.Take(2), column =>
        {
            Assert.True(column.Min < column.Max);
            Assert.InRange(column.Rows.Sum(), 0.99 * record.TrainRows, record.TrainRows);
            Assert.InRange(column.Samples.Sum(), 0.8 * record.TrainRows, record.TrainRows);
            Assert.True(Distance(column) < 0.3, $"{column.Name} is off by {Distance(column)}: {Sparkline.Bars(column.Rows.Select(count => (double)count), 40)} {Sparkline.Bars(column.Samples.Select(count => (double)count), 40)}");
        });
        Assert.All(record.Columns.Skip(2), given => Assert.True(given.Rows.IsEmpty && given.Samples.IsEmpty));
    }

    [Fact]
    public async Task It_is_the_same_every_time()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var (one, other) = (Record(await embedded.Train("one", embedded.Plan(steps: 5))), Record(await embedded.Train("other", embedded.Plan(steps: 5))));
        Assert.Equal(one.Columns.SelectMany(column => column.Samples), other.Columns.SelectMany(column => column.Samples));
    }

    [Fact]
    public async Task The_Gaussian_is_measured_on_the_test_rows_as_the_test_measures_it()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var result = await embedded.Train("m", embedded.Plan(steps: 5) with { TestFraction = 0.2 });
        var report = await embedded.Run("m").Test(TestContext.Current.CancellationToken);
        Assert.Equal(report.GaussianNll, Record(result).TestGaussianNll);
        Assert.Null(Record(await embedded.Train("other", embedded.Plan(steps: 5))).TestGaussianNll);
    }

    private static RunRecord Record(RunResult result) => JsonSerializer.Deserialize<RunRecord>(File.ReadAllBytes(Path.Combine(result.Path, "run.json")), Json.Compact)!;

    /// <summary>Kolmogorov–Smirnov distance of the two histograms.</summary>
    private static double Distance(ColumnPortrait column)
    {
        var (rows, samples, worst) = (0.0, 0.0, 0.0);
        for (var i = 0; i < column.Rows.Length; i++)
        {
            (rows, samples) = (rows + column.Rows[i], samples + column.Samples[i]);
            worst = Math.Max(worst, Math.Abs(rows / column.Rows.Sum() - samples / column.Samples.Sum()));
        }

        return worst;
    }
}
