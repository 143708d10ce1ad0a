using System.Globalization;
using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Flows.Numerics;
using FlowGrain.Training;

namespace FlowGrain.Tests.Cluster;

/// <summary>Two silos on one volume, which has room for two data sets.</summary>
public sealed class DataQuotaTests : ClusterTest
{
    private static readonly (string, string) Quota = ("Storage__DataQuota", "20kB"); // two of 600 rows

    private protected override Task Begin(SiloCluster cluster) => Task.WhenAll(cluster.Start("a", environment: Quota), cluster.Start("b", environment: Quota));

    [Fact(Timeout = 600_000)]
    public async Task Whichever_silo_imports_takes_none_that_a_run_on_both_needs_and_the_run_ends_with_its_bits()
    {
        var plan = Embedded.Plan(steps: 800) with { Shards = 8 };
        var run = Cluster.Grains.GetGrain<IRunGrain>("m");
        await run.Start(plan, TestContext.Current.CancellationToken);
        await Cluster.Until("m", progress => progress is { Step: > 0, Workers: 2 });
        for (var table = 1; table <= 6; table++)
        {
            var path = Embedded.Write($"other{table}.csv", Rows(table));
            await Cluster.Grains.GetGrain<IDatasetGrain>(path).Import(new(path, [], [], MissingRows.Refuse), TestContext.Current.CancellationToken);
        }

        var inventory = Cluster.Grains.GetGrain<IClusterGrain>(0);
        var stored = await inventory.Datasets();
        Assert.Equal(["other6.csv", "table.csv"], stored.Select(dataset => dataset.Source).Order());
        Assert.Equal("m", Assert.Single(stored.Single(dataset => dataset.Source == "table.csv").NeededBy));
        var storage = await inventory.Storage();
        Assert.Equal((stored.Sum(dataset => dataset.Bytes), 20_000), (storage.Data, storage.DataQuota));
        Assert.Equal((await Embedded.Train("m", plan)).WeightsSha256, (await Cluster.Train("m", plan)).WeightsSha256);
    }

    private static IEnumerable<string> Rows(int seed)
    {
        var random = new CounterRandom(seed, "other");
        return Enumerable.Range(0, 600).Select(row => string.Create(CultureInfo.InvariantCulture, $"{random.Normal(2 * row)},{random.Normal(2 * row + 1)}")).Prepend("a,b");
    }
}
