namespace FlowGrain.Tests.Cluster;

/// <summary>Training on silos that are real processes, killed for real: the bits are those of a calm run in one process.</summary>
public sealed class ClusterRunTests : ClusterTest
{
    private protected override Task Begin(SiloCluster cluster) => Task.WhenAll(cluster.Start("a"), cluster.Start("b"), cluster.Start("c"));

    [Fact(Timeout = 300_000)] // it takes one; a run that hangs must not hang the rest
    public async Task Three_silos_end_with_the_bits_of_one_process_and_of_a_run_that_loses_any_of_them()
    {
        var plan = Embedded.Plan(steps: 600) with { Shards = 8 };
        var alone = await Embedded.Train("m", plan);
        Assert.Equal(alone.WeightsSha256, (await Cluster.Train("calm", plan)).WeightsSha256);

        foreach (var silo in new[] { "a", "b", "c" })
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            var killed = false;
            var result = await Cluster.Train($"without-{silo}", plan, async progress =>
            {
                if (killed || progress.Step < 100) return;
                killed = true;
                await Cluster[silo].Kill();
            });
            Assert.True(killed);
            Assert.Equal(alone.WeightsSha256, result.WeightsSha256);
            await Cluster.Start(silo);
        }
    }
}
