using FlowGrain.Tests.Grains;
using FlowGrain.Training;

namespace FlowGrain.Tests.Cluster;

/// <summary>A cluster whose disk is full, and silos that do not see the data of a run: a sentence, and nothing is lost.</summary>
public sealed class StorageFaultTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly RedisServer _redis = new();
    private EmbeddedFixture _embedded = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private TrainingPlan Plan => _embedded.Plan(steps: 1000) with { Shards = 8 };

    private string Table => Plan.Data.Path;

    public async ValueTask InitializeAsync() => _embedded = await EmbeddedFixture.Start();

    public async ValueTask DisposeAsync()
    {
        await _embedded.DisposeAsync();
        _redis.Dispose();
        _folder.Dispose();
    }

    [Fact(Timeout = 600_000)]
    public async Task A_full_disk_at_a_commit_stops_the_run_with_a_sentence_and_once_there_is_room_it_goes_on_to_the_same_bits()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        using var disk = new SmallDisk(kilobytes: 8192);
        await using var cluster = await Started(disk.In("store"), "a", "b");
        var run = cluster.Grains.GetGrain<IRunGrain>("m");
        await run.Start(Plan, Cancellation);
        var failed = await cluster.Until("m", progress =>
        {
            if (IsCommitted(disk.In("store"))) disk.Fill(); // again whenever an older snapshot gives way
            return progress.Phase is RunPhase.Failed or RunPhase.Finished;
        });
        Assert.Equal(RunPhase.Failed, failed.Phase);
        Assert.Matches("^The disk that holds '.+' is full; free some space", failed.Failure);

        disk.Free();
        var resumed = await cluster.Train("m", Plan);
        Assert.Equal((await _embedded.Train("m", Plan)).WeightsSha256, resumed.WeightsSha256);
        Assert.Equal(Plan.Steps, RunRecords(resumed.Path));
        Assert.Contains("is full", $"{(await cluster["a"].Kill()).Output}{(await cluster["b"].Kill()).Output}", StringComparison.Ordinal);
    }

    [Fact(Timeout = 600_000)]
    public async Task A_silo_that_does_not_see_the_data_is_done_without_and_the_run_says_so()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        await using var cluster = await Started(_folder.In("store"), "a");
        var run = cluster.Grains.GetGrain<IRunGrain>("m");
        await run.Start(Plan, Cancellation);
        await cluster.Until("m", progress => progress.Step >= 10);
        await run.Stop();
        await cluster.Start("b", hidden: Path.Combine(_folder.In("store"), "data"));

        await run.Resume(acceptClass: false, Cancellation);
        var told = await cluster.Until("m", progress => progress.Without is not null || progress.Phase is RunPhase.Failed or RunPhase.Finished);
        Assert.Matches("^works without .+: There is no data set '.+' in '.+'; import its source file first\\.$", told.Without);
        Assert.Equal((await _embedded.Train("m", Plan)).WeightsSha256, (await cluster.Train("m", Plan)).WeightsSha256);
        Assert.Contains("There is no data set", (await cluster["a"].Kill()).Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 600_000)]
    public async Task A_run_whose_data_no_silo_sees_any_more_stops_with_a_sentence_and_goes_on_when_it_is_back()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        await using var cluster = await Started(_folder.In("store"), "a");
        var (run, plan, imported) = (cluster.Grains.GetGrain<IRunGrain>("m"), Plan, Path.Combine(_folder.In("store"), "data"));
        await run.Start(plan, Cancellation);
        await cluster.Until("m", _ => IsCommitted(_folder.In("store"), times: 2)); // the first of them is in the journal
        await cluster["a"].Kill();
        Move(".away", plan.Data.Path, imported);
        await cluster.Start("b"); // it finds the run in the journal, and goes on with it

        var failed = await cluster.Until("m", progress => progress.Phase is RunPhase.Failed or RunPhase.Finished);
        Assert.Equal(RunPhase.Failed, failed.Phase);
        Assert.Contains("table.csv", failed.Failure);
        Assert.True(failed.Step > 0);

        Move("", $"{plan.Data.Path}.away", $"{imported}.away");
        Assert.Equal((await _embedded.Train("m", plan)).WeightsSha256, (await cluster.Train("m", plan)).WeightsSha256);
        Assert.Contains("table.csv", (await cluster["b"].Kill()).Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 600_000)]
    public async Task A_redis_that_forgets_is_said_in_the_log_and_of_the_run()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        using var redis = new RedisServer(durable: false);
        await using var cluster = new SiloCluster(redis, _folder.In("store"), Path.GetDirectoryName(Table)!);
        await cluster.Start("a");
        await cluster.Connect();
        await cluster.Grains.GetGrain<IRunGrain>("m").Start(Plan, Cancellation);
        var risk = (await cluster.Until("m", progress => progress.Step > 0)).AtRisk;
        Assert.Matches("^Redis has appendonly no .* can be lost when it restarts, .* Start it with --appendonly yes --appendfsync always\\.$", risk);
        Assert.Contains(risk!, (await cluster["a"].Kill()).Output, StringComparison.Ordinal);
    }

    private async Task<SiloCluster> Started(string root, params string[] silos)
    {
        var cluster = new SiloCluster(_redis, root, Path.GetDirectoryName(Table)!);
        await Task.WhenAll(silos.Select(silo => cluster.Start(silo)));
        await cluster.Connect();
        return cluster;
    }

    private static bool IsCommitted(string root, int times = 1) => Path.Combine(root, "runs", "m", "1") is var folder && Directory.Exists(folder) && Directory.EnumerateDirectories(folder, "r*").Count() >= times;

    private static int? RunRecords(string folder) => Grains.Training.RunRecords.Rounds(folder).Length;

    private static void Move(string suffix, params string[] paths)
    {
        foreach (var path in paths) Directory.Move(path, suffix == "" ? path[..^".away".Length] : path + suffix);
    }
}
