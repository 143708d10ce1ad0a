using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>Which checkpoints give way when those of all runs exceed their quota.</summary>
public sealed class CheckpointQuotaTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 180_000)]
    public async Task Those_of_finished_runs_go_first_the_newest_of_others_never_and_no_run_dies_of_it()
    {
        string sha256;
        await using (var unbounded = await EmbeddedFixture.Start(folder: _folder))
        {
            sha256 = (await unbounded.Train("done", unbounded.Plan(steps: 400))).WeightsSha256;
            var stopped = unbounded.Run("stopped");
            await stopped.Start(unbounded.Plan(steps: 20_000), TestContext.Current.CancellationToken);
            await EmbeddedFixture.Until(stopped, _ => Snapshots("stopped").Length == 2);
            await stopped.Stop();
        }

        var newest = Snapshots("stopped")[^1];
        Assert.NotEmpty(Snapshots("done"));

        await using var bounded = await EmbeddedFixture.Start(folder: _folder, settings: ["Storage:CheckpointQuota=1kB"]);
        Assert.Equal(sha256, (await bounded.Train("third", bounded.Plan(steps: 400) with { Seed = 0 })).WeightsSha256);
        Assert.Empty(Snapshots("done"));
        Assert.Equal([newest], Snapshots("stopped"));
        Assert.Equal(400, (await bounded.Run("done").Progress()).Step);
        Assert.Equal(sha256, (await bounded.Train("done", bounded.Plan(steps: 400))).WeightsSha256); // told again, not trained again

        var over = bounded.Run("stopped");
        await over.Resume(acceptClass: false, TestContext.Current.CancellationToken);
        var told = await EmbeddedFixture.Until(over, progress => progress.OverQuota is not null || progress.Phase != RunPhase.Training);
        Assert.Matches("^Checkpoints take .+ kB and Storage:CheckpointQuota is 1.0 kB, but runs that have not finished go on from them; delete one of those with 'flowgrain runs delete', or raise the quota\\.$", told.OverQuota);
        Assert.True(told.ResumedAtStep > 0);
        Assert.Equal(RunPhase.Stopped, (await over.Stop()).Phase);
        Assert.Single(Snapshots("stopped"));
    }

    [Fact(Timeout = 180_000)]
    public async Task A_damaged_newest_checkpoint_keeps_the_one_before()
    {
        await using (var unbounded = await EmbeddedFixture.Start(folder: _folder))
        {
            var stopped = unbounded.Run("stopped");
            await stopped.Start(unbounded.Plan(steps: 20_000), TestContext.Current.CancellationToken);
            await EmbeddedFixture.Until(stopped, _ => Snapshots("stopped").Length == 2);
            await stopped.Stop();
        }

        var both = Snapshots("stopped");
        File.WriteAllText(Path.Combine(_folder.In("home/runs/stopped/1"), both[^1], "range-00.bin"), "damaged");
        await using var bounded = await EmbeddedFixture.Start(folder: _folder, settings: ["Storage:CheckpointQuota=1kB"]);
        await bounded.Train("other", bounded.Plan(steps: 30));
        Assert.Equal(both, Snapshots("stopped"));
    }

    private string[] Snapshots(string run) => Directory.Exists(_folder.In($"home/runs/{run}/1"))
        ? [.. Directory.EnumerateDirectories(_folder.In($"home/runs/{run}/1"), "r*").Select(folder => Path.GetFileName(folder)).Order()]
        : [];
}
