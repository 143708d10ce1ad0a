using FlowGrain.Tests.Grains;

namespace FlowGrain.Tests.Cluster;

/// <summary>Training on silos that are real processes, killed for real: the bits are those of a calm run in one process.</summary>
public sealed class ClusterRunTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly RedisServer _redis = new();
    private EmbeddedFixture _embedded = null!;
    private SiloCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _embedded = await EmbeddedFixture.Start();
        _cluster = new SiloCluster(_redis, _folder.In("store"), Path.GetDirectoryName(_embedded.Plan().Data.Path)!);
        await Task.WhenAll(_cluster.Start("a"), _cluster.Start("b"), _cluster.Start("c"));
        await _cluster.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _embedded.DisposeAsync();
        _redis.Dispose();
        _folder.Dispose();
    }

    [Fact(Timeout = 300_000)] // it takes one; a run that hangs must not hang the rest
    public async Task Three_silos_end_with_the_bits_of_one_process_and_of_a_run_that_loses_any_of_them()
    {
        var plan = _embedded.Plan(steps: 1500) with { Shards = 8 };
        var alone = await _embedded.Train("m", plan);
        Assert.Equal(alone.WeightsSha256, (await _cluster.Train("calm", plan)).WeightsSha256);

        foreach (var silo in new[] { "a", "b", "c" })
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            var killed = false;
            var result = await _cluster.Train($"without-{silo}", plan, async progress =>
            {
                if (killed || progress.Step < 200) return;
                killed = true;
                await _cluster[silo].Kill();
            });
            Assert.True(killed);
            Assert.Equal(alone.WeightsSha256, result.WeightsSha256);
            await _cluster.Start(silo);
        }
    }
}
