using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

public sealed class RunSeriesTests
{
    [Fact]
    public async Task A_run_tells_its_rounds_its_validations_and_what_befell_it_and_keeps_them()
    {
        using var folder = new TempFolder();
        await using (var embedded = await EmbeddedFixture.Start(slots: 2, folder))
        {
            await embedded.Train("m", embedded.Plan(steps: 60));
            await Check(embedded.Run("m"));
        }

        await using var again = await EmbeddedFixture.Start(slots: 1, folder); // another process, or another day
        await Check(again.Run("m"));
    }

    private static async Task Check(IRunGrain run)
    {
        var series = await run.Series(version: null);
        Assert.Equal(Enumerable.Range(1, 60).Select(step => (long)step), series.Step);
        Assert.All(series.Loss, loss => Assert.True(double.IsFinite(loss)));
        Assert.All(series.RowsPerSecond, rate => Assert.True(rate > 0));
        Assert.All(series.Straggler, ratio => Assert.True(ratio >= 1));
        Assert.Equal(60, series.Validation[^1].Step);
        Assert.Equal([MarkKind.Started, MarkKind.Published], series.Marks.Select(mark => mark.Kind));
        Assert.Empty((await run.Series(version: 7)).Step);
    }

    [Fact]
    public async Task A_run_that_is_resumed_goes_on_with_its_curves()
    {
        await using var embedded = await EmbeddedFixture.Start(slots: 2);
        var run = embedded.Run("m");
        await run.Start(embedded.Plan(steps: 100_000), TestContext.Current.CancellationToken);
        await EmbeddedFixture.Until(run, progress => progress.Step > 5);
        var stopped = await run.Stop();
        await run.Resume(acceptClass: false, TestContext.Current.CancellationToken);
        await EmbeddedFixture.Until(run, progress => progress.Step > stopped.Step);
        await run.Stop();
        var series = await run.Series(version: null);
        Assert.Equal(series.Step[^1], series.Rounds.Sum());
        Assert.Equal([MarkKind.Started, MarkKind.Stopped, MarkKind.Started, MarkKind.Stopped], series.Marks.Select(mark => mark.Kind));
    }
}
