using FlowGrain.Cluster;
using FlowGrain.Data;

namespace FlowGrain.Tests.Grains;

/// <summary>The imported data sets of a home: listed, shown, deleted, and kept while a run needs them.</summary>
public sealed class DatasetCatalogTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_data_set_is_listed_kept_while_a_run_needs_it_and_deleted_afterwards()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var (inventory, run, plan) = (embedded.Cluster.Grains.GetGrain<IClusterGrain>(0), embedded.Run("m"), embedded.Plan(steps: 1_000_000));
        Assert.Empty(await inventory.Datasets());

        await run.Start(plan, TestContext.Current.CancellationToken);
        await EmbeddedFixture.Until(run, progress => progress.Step > 0);
        var dataset = Assert.Single(await inventory.Datasets());
        Assert.Equal((Path.GetFileName(plan.Data.Path), 600, "m"), (dataset.Source, dataset.Rows, Assert.Single(dataset.NeededBy)));
        Assert.Equal(["a", "b"], dataset.Columns.Select(column => column.Name));
        Assert.True(dataset.Bytes > 0 && dataset.Damage is null);
        Assert.Equal(dataset.Id, (await inventory.Dataset(dataset.Id[..8])).Id);

        await run.Stop(); // it may be resumed
        var refused = await Assert.ThrowsAsync<BadInputException>(() => inventory.DeleteDataset(dataset.Id));
        Assert.Equal($"Run 'm' has not finished and needs data set '{dataset.Id}'; let it finish, or delete it with 'flowgrain runs delete m'.", refused.Message);
        await run.Delete();
        await inventory.DeleteDataset(dataset.Id[..8]);
        Assert.Empty(await inventory.Datasets());
        await Assert.ThrowsAsync<NotFoundException>(() => inventory.Dataset(dataset.Id));
    }

    [Fact]
    public async Task A_finished_run_needs_its_data_no_more_and_a_damaged_data_set_hides_no_other()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var inventory = embedded.Cluster.Grains.GetGrain<IClusterGrain>(0);
        await embedded.Train("one", embedded.Plan("nice", steps: 3));
        await embedded.Train("two", embedded.Plan("nice", steps: 3, context: true));
        var datasets = await inventory.Datasets();
        Assert.Equal(2, datasets.Length);
        Assert.All(datasets, dataset => Assert.Empty(dataset.NeededBy));
        Assert.All(datasets, dataset => Assert.Equal((dataset.Source, MissingRows.Refuse), (dataset.Selection!.Path, dataset.Selection.Missing)));
        Assert.All(datasets, dataset => Assert.Equal(dataset.Context.Select(column => column.Name), dataset.Selection!.Context));

        File.WriteAllText(Path.Combine(embedded.Home, "data", datasets[0].Id, "manifest.json"), "{");
        datasets = await inventory.Datasets();
        Assert.Contains("is damaged", Assert.Single(datasets, dataset => dataset.Damage is not null).Damage);
        Assert.Single(datasets, dataset => dataset.Damage is null);
        foreach (var dataset in datasets) await inventory.DeleteDataset(dataset.Id);
        Assert.Empty(await inventory.Datasets());
    }
}
