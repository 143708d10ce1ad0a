using FlowGrain.Flows.Engines;
using FlowGrain.Training;

namespace FlowGrain.Tests.Cluster;

/// <summary>Silos on processors of different kinds.</summary>
public sealed class DeviceClassTests : ClusterTest
{
    private protected override Task Begin(SiloCluster cluster) => cluster.Start("a");

    [Fact(Timeout = 600_000)]
    public async Task A_run_waits_for_a_silo_of_the_class_it_was_begun_in_says_so_and_goes_on_there_to_the_same_bits()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        Assert.SkipUnless(KernelEngine.IsSupported, "This processor has no AVX2.");
        var plan = Embedded.Plan(steps: 2000) with { Shards = 8 };
        await Cluster.Grains.GetGrain<IRunGrain>("m").Start(plan, TestContext.Current.CancellationToken);
        await Cluster.Until("m", progress => progress.Step >= 50);
        await Cluster.Start("old", environment: ("DOTNET_EnableAVX2", "0"));
        await Cluster["a"].Kill();

        var waiting = await Cluster.Until("m", progress => progress.Waiting is not null || progress.Phase is RunPhase.Failed or RunPhase.Finished);
        Assert.Equal($"waits for a silo that computes in {KernelEngine.Name}; there is none now", waiting.Waiting);
        await Cluster.Start("new");
        Assert.Equal((await Embedded.Train("m", plan)).WeightsSha256, (await Cluster.Train("m", plan)).WeightsSha256);
    }
}
