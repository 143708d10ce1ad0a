using System.Collections.Immutable;
using FlowGrain.Training;

namespace FlowGrain.Tests.Cluster;

/// <summary>The log of a run whose silos are killed.</summary>
public sealed class RunLogClusterTests : ClusterTest
{
    private protected override Task Begin(SiloCluster cluster) => Task.WhenAll(cluster.Start("a"), cluster.Start("b"));

    [Fact(Timeout = 600_000)]
    public async Task It_has_what_every_silo_said_the_one_that_was_killed_included()
    {
        var killed = "";
        await Cluster.Train("m", Embedded.Plan(steps: 800) with { Shards = 8 }, async progress =>
        {
            if (killed != "" || progress.Step < 100) return;
            killed = (await Cluster.HomeOf(Cluster.Grains.GetGrain<IRunGrain>("m")))!;
            await Cluster[killed].Kill();
        });
        var lines = ImmutableArray<RunLogLine>.Empty;
        await foreach (var piece in Cluster.Grains.ReadLog("m", follow: true, TimeProvider.System, TestContext.Current.CancellationToken)) lines = lines.AddRange(piece);
        Assert.Equal(lines.OrderBy(line => line.Time).Select(line => line.Event), lines.Select(line => line.Event));
        var (first, last) = (lines.First(line => line.Event == "RunStarted"), lines.Last(line => line.Event == "RunPublished"));
        Assert.Equal($"127.0.0.1:{Cluster.PortsOf(killed).Silo}", first.Silo);
        Assert.NotEqual(first.Silo, last.Silo);
        Assert.Contains(lines, line => line.Event == "RunStarted" && line.Silo == last.Silo); // where it went on
    }
}
