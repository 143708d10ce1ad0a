using System.Collections.Immutable;
using FlowGrain.Serving;

namespace FlowGrain.Tests.Cluster;

/// <summary>A run on silos that begins with a model's weights, loses the model and a silo, and has the bits of a calm one in one process.</summary>
public sealed class BeginningClusterTests : ClusterTest
{
    private protected override Task Begin(SiloCluster cluster) => Task.WhenAll(cluster.Start("a"), cluster.Start("b"));

    [Fact(Timeout = 300_000)] // it takes a quarter; a run that hangs must not hang the rest
    public async Task It_needs_neither_the_model_nor_the_silo_that_led_it_once_it_has_begun()
    {
        var plan = Embedded.Plan(steps: 60);
        var further = plan with { From = "m", Model = "", Settings = ImmutableSortedDictionary<string, string>.Empty, Steps = 400 };
        await Embedded.Train("m", plan);
        var alone = await Embedded.Train("n", further);
        await Cluster.Train("m", plan);
        var lost = false;
        var result = await Cluster.Train("n", further, async progress =>
        {
            if (lost || progress.Step < 1) return;
            lost = true;
            await Cluster.Grains.GetGrain<IModelGrain>("m").Delete(version: null, by: null, TestContext.Current.CancellationToken);
            await Cluster[(await Cluster.HomeOf(Cluster.Grains.GetGrain<FlowGrain.Training.IRunGrain>("n")))!].Kill();
        });
        Assert.True(lost);
        Assert.Equal(alone.WeightsSha256, result.WeightsSha256);
    }
}
