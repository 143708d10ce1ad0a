using StackExchange.Redis;

namespace FlowGrain.Tests.Cluster;

/// <summary>Silos that may not join a cluster end with a sentence, and the cluster does not notice.</summary>
public sealed class AdmissionTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly RedisServer _redis = new();

    public void Dispose()
    {
        _redis.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_silo_with_another_folder_than_its_cluster_is_refused()
    {
        await using var cluster = new SiloCluster(_redis, _folder.In("store"), _folder.Path);
        await cluster.Start("a");
        await using var other = new SiloCluster(_redis, _folder.In("elsewhere"), _folder.Path);
        var (code, output, errors) = await other.Refused();
        Assert.Equal(2, code);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.Contains($"Cluster 'test' keeps its models and checkpoints in another folder than this silo's Storage:Root '{_folder.In("elsewhere")}'; share that folder with all of its silos", errors, StringComparison.Ordinal);
        Assert.False(cluster["a"].HasExited);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_silo_of_another_redis_on_the_folder_of_a_cluster_is_refused_and_one_whose_redis_has_forgotten_is_not()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        using var redis = new RedisServer();
        await using var cluster = new SiloCluster(_redis, _folder.In("store"), _folder.Path);
        await cluster.Start("a");
        await using var other = new SiloCluster(redis, _folder.In("store"), _folder.Path);
        var (code, _, errors) = await other.Refused();
        Assert.Equal(2, code);
        Assert.StartsWith($"Storage:Root '{_folder.In("store")}' is in use by the silos of another cluster, on another Redis or of another Cluster:Id than this silo's 'test'; give this cluster a folder", errors.Trim(), StringComparison.Ordinal);
        Assert.False(cluster["a"].HasExited);
        Assert.Single(Directory.EnumerateFiles(_folder.In("store/clusters")));

        await using var forgetful = await ConnectionMultiplexer.ConnectAsync($"{_redis.Address},abortConnect=false");
        await forgetful.GetDatabase().KeyDeleteAsync("flowgrain/test/identity");
        while (!await forgetful.GetDatabase().KeyExistsAsync("flowgrain/test/identity")) TestContext.Current.CancellationToken.ThrowIfCancellationRequested(); // its silo says it again
        await cluster.Start("b");
    }

    [Fact]
    public async Task Of_two_unfit_silos_that_start_together_not_both_get_in()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{_redis.Address},abortConnect=false");
        using var heard = new SemaphoreSlim(0);
        await using var cluster = new SiloCluster(_redis, _folder.In("store"), _folder.Path);
        await redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal("__keyspace@0__:flowgrain/test/wire-versions"), (_, _) => heard.Release());
        await redis.GetDatabase().ExecuteAsync("CONFIG", "SET", "notify-keyspace-events", "Kz");
        await redis.GetDatabase().SortedSetAddAsync("flowgrain/test/wire-versions", $"{WireVersion.Current + 2} 10.0.0.7:11111", TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        Assert.True(await heard.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));

        Assert.Equal(2, (await cluster.Refused()).Code);
        Assert.True(await heard.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken), "it listened before it spoke");
        Assert.Equal(["10.0.0.7:11111"], (await redis.GetDatabase().SortedSetRangeByRankAsync("flowgrain/test/wire-versions")).Select(voice => voice.ToString().Split(' ')[1]));
    }

    [Fact]
    public async Task A_silo_on_its_own_is_refused_on_the_folder_of_a_cluster_and_a_command_too()
    {
        await using var cluster = new SiloCluster(_redis, _folder.In("store"), _folder.Path);
        await cluster.Start("a");
        var address = $"127.0.0.1:{cluster.PortsOf("a").Silo}";
        using var alone = Alone();
        var (code, output, errors) = await alone.End();
        Assert.Equal((2, $"The silo at {address} works on Storage:Root '{_folder.In("store")}', and its runs stand in a Redis; join its cluster with Cluster:Provider=redis and the Cluster:ConnectionString that it has, or name another folder."), (code, errors.Trim()));
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);

        using var command = RealProcess.Start(RealProcess.Program("FlowGrain.Cli", "flowgrain.dll"), ["runs", "--home", _folder.In("store")]);
        var refused = await command.End();
        Assert.Equal((2, $"Silos of a cluster work on {_folder.In("store")}, one of them at {address}; reach them with --cluster and the Http:Urls of one, or choose another --home."), (refused.Code, refused.Errors.Trim()));

        await cluster["a"].Kill(); // which leaves no one on the folder
        using var later = Alone();
        Assert.StartsWith("FlowGrain silo ready", await later.FirstLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_is_refused_on_the_folder_of_a_silo_on_its_own()
    {
        using var alone = Alone();
        await alone.FirstLine();
        await using var cluster = new SiloCluster(_redis, _folder.In("store"), _folder.Path);
        var (code, _, errors) = await cluster.Refused();
        Assert.Equal(2, code);
        Assert.Contains($"works alone on Storage:Root '{_folder.In("store")}' and keeps the runs there; stop it, or name another folder.", errors, StringComparison.Ordinal);
        Assert.False(alone.HasExited);
    }

    private RealProcess Alone()
    {
        var ports = SiloPorts.Free();
        return RealProcess.Start(
            RealProcess.Program("FlowGrain.Silo", "FlowGrain.Silo.dll"),
            [$"--Storage:Root={_folder.In("store")}", $"--Silo:Port={ports.Silo}", $"--Silo:GatewayPort={ports.Gateway}", $"--Http:Urls=http://127.0.0.1:{ports.Http}", "--Devices:Cpu=1"]);
    }

    [Fact]
    public async Task A_silo_without_its_redis_says_where_it_looked_and_no_stack_trace()
    {
        var nowhere = $"127.0.0.1:{Ports.Free()}";
        await using var cluster = new SiloCluster(nowhere, _folder.In("store"), _folder.Path);
        var (code, output, errors) = await cluster.Refused();
        Assert.Equal((1, $"The silo cannot start: Redis does not answer at {nowhere}; start it there, or correct Cluster:ConnectionString."), (code, errors.Trim()));
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_that_speaks_a_version_too_far_from_the_others_is_refused_and_a_neighbour_is_not()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{_redis.Address},abortConnect=false");
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await using var cluster = new SiloCluster(_redis, _folder.In("store"), _folder.Path);

        await redis.GetDatabase().SortedSetAddAsync("flowgrain/test/wire-versions", $"{WireVersion.Current + 2} 10.0.0.7:11111", now);
        var (code, _, errors) = await cluster.Refused();
        Assert.Equal(2, code);
        Assert.Contains($"This silo speaks version {WireVersion.Current} of the wire and 10.0.0.7:11111 of cluster 'test' version {WireVersion.Current + 2}", errors, StringComparison.Ordinal);

        await redis.GetDatabase().KeyDeleteAsync("flowgrain/test/wire-versions");
        await redis.GetDatabase().SortedSetAddAsync("flowgrain/test/wire-versions", $"{WireVersion.Current + 1} 10.0.0.7:11111", now);
        await cluster.Start("a");
    }
}
