using FlowGrain.Cluster;
using FlowGrain.Training;
using FlowGrain.Training.Chronicles;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Grains.Training;

public sealed class ChronicleTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly ChronicleFile _file;

    public ChronicleTests() => _file = new(new SnapshotStore(Options.Create(new StorageOptions { Root = _folder.Path })), NullLogger<ChronicleFile>.Instance);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task However_long_a_run_is_a_thousand_points_tell_its_rounds_and_its_spikes()
    {
        var chronicle = await Open();
        for (var step = 1; step <= 10_000; step++) chronicle.Add(step, nats: step == 777 ? 50 : 1, learningRate: 0.1, rowsPerSecond: 100, gradientNorm: step == 778 ? 9 : 1, straggler: 1);
        var series = chronicle.Series;
        Assert.InRange(series.Step.Length, 500, 1000);
        Assert.Equal((10_000, 10_000), (series.Rounds.Sum(), series.Step[^1]));
        Assert.Equal((50, 9, 1), (series.LossMax.Max(), series.GradientNorm.Max(), series.LossMin.Max()));
        Assert.Equal(10_049, series.Loss.Zip(series.Rounds, (loss, rounds) => loss * rounds).Sum(), 6); // means of means would be another number
        Assert.All(series.RowsPerSecond, rate => Assert.Equal(100, rate, 6));
    }

    [Fact]
    public async Task The_rate_of_a_point_is_that_of_its_rows_in_their_time()
    {
        var chronicle = await Open();
        for (var step = 1; step <= 1001; step++) chronicle.Add(step, 1, 0.1, rowsPerSecond: step % 2 == 1 ? 100 : 300, 1, 1);
        Assert.Equal(150, chronicle.Series.RowsPerSecond[0], 6); // as many rows at either rate
    }

    [Fact]
    public async Task Every_curve_keeps_its_least_and_its_greatest_round()
    {
        var chronicle = await Open();
        for (var step = 1; step <= 5000; step++) chronicle.Add(step, 1, step == 7 ? 0.5 : step == 8 ? 0.01 : 0.1, step == 9 ? 5 : step == 10 ? 900 : 100, step == 11 ? 0.2 : 1, step == 12 ? 1 : 2);
        var series = chronicle.Series;
        Assert.Equal((0.01, 0.5), (series.LearningRateMin.Min(), series.LearningRateMax.Max()));
        Assert.Equal((5, 900), (series.RowsPerSecondMin.Min(), series.RowsPerSecondMax.Max()));
        Assert.Equal((0.2, 1), (series.GradientNormMin.Min(), series.StragglerMin.Min()));
        Assert.All([series.LearningRateMin, series.RowsPerSecondMax, series.StragglerMin], values => Assert.Equal(series.Step.Length, values.Length));
    }

    [Fact]
    public async Task A_file_of_an_earlier_version_goes_on()
    {
        (await Open()).Saving()();
        await File.WriteAllTextAsync(
            Assert.Single(Directory.GetFiles(_folder.Path, "series.json", SearchOption.AllDirectories)),
            """{"step":[1,2],"time":[1,2],"rounds":[1,1],"loss":[3,2],"lossMin":[3,2],"lossMax":[3,2],"learningRate":[0.1,0.2],"rowsPerSecond":[10,20],"gradientNorm":[1,2],"straggler":[1,3],"validation":[],"marks":[]}""",
            TestContext.Current.CancellationToken);
        var chronicle = await Open();
        chronicle.Add(3, 1, 0.3, 30, 3, 1);
        Assert.Equal((double[])[0.1, 0.2, 0.3], chronicle.Series.LearningRateMin);
        Assert.Equal((double[])[10, 20, 30], chronicle.Series.RowsPerSecondMax);
        Assert.Equal((double[])[1, 3, 1], chronicle.Series.StragglerMin);
        Assert.Equal("likelihood", chronicle.Series.Objective);
    }

    [Fact]
    public async Task Rounds_that_are_made_again_are_there_once_and_what_befell_the_run_stays()
    {
        var chronicle = await Open();
        for (var step = 1; step <= 20; step++) chronicle.Add(step, step, 0.1, 1, 1, 1);
        chronicle.Validated(10, 1.5);
        chronicle.Validated(20, 1.25);
        chronicle.Mark(20, MarkKind.WorkerLost, "silent");
        chronicle.RewindTo(15);
        for (var step = 16; step <= 30; step++) chronicle.Add(step, step, 0.1, 1, 1, 1);
        Assert.Equal(Enumerable.Range(1, 30).Select(step => (long)step), chronicle.Series.Step);
        Assert.Equal(10, Assert.Single(chronicle.Series.Validation).Step);
        Assert.Equal("silent", Assert.Single(chronicle.Series.Marks).Sentence);
    }

    [Fact]
    public async Task Whoever_opens_a_run_goes_on_with_what_was_saved()
    {
        var chronicle = await Open();
        for (var step = 1; step <= 3000; step++) chronicle.Add(step, double.NaN, 0.1, 1, 1, 1);
        chronicle.Mark(5, MarkKind.Started, "It began.");
        chronicle.Saving()();
        var again = await Open();
        Assert.Equivalent(chronicle.Series, again.Series, strict: true);
        Assert.False(again.IsEmpty);
        for (var step = 3001; step <= 9000; step++) again.Add(step, 1, 0.1, 1, 1, 1);
        Assert.InRange(again.Series.Step.Length, 500, 1000);
        Assert.Equal(9000, again.Series.Rounds.Sum());
    }

    [Fact]
    public async Task A_damaged_one_is_as_good_as_none()
    {
        (await Open()).Saving()();
        await File.WriteAllTextAsync(Assert.Single(Directory.GetFiles(_folder.Path, "series.json", SearchOption.AllDirectories)), "{\"step\":", TestContext.Current.CancellationToken);
        Assert.Empty((await Open()).Series.Step);
    }

    [Fact]
    public async Task Marks_are_bounded_and_the_last_stay()
    {
        var chronicle = await Open();
        for (var step = 0; step < 2000; step++) chronicle.Mark(step, MarkKind.WorkerLost, "silent");
        Assert.Equal((500, 1999), (chronicle.Series.Marks.Length, chronicle.Series.Marks[^1].Step));
    }

    private Task<Chronicle> Open() => Chronicle.Open(_file, "m", 1, _clock);
}
