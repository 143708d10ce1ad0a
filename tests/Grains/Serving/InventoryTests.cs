using FlowGrain.Cluster;
using FlowGrain.Serving;

namespace FlowGrain.Tests.Grains.Serving;

public sealed class InventoryTests
{
    [Fact]
    public async Task A_damaged_model_hides_no_other_and_says_what_is_wrong()
    {
        await using var embedded = await EmbeddedFixture.Start(slots: 1);
        var store = StoredModels.In(embedded.Home);
        foreach (var name in new[] { "broken", "sound" }) store.Publish(StoredModels.Some(name));
        await File.WriteAllTextAsync(Path.Combine(store.PathOf("broken", 1), "flow.json"), "{", TestContext.Current.CancellationToken);

        var models = await embedded.Cluster.Grains.GetGrain<IClusterGrain>(0).Models();
        Assert.Equal(["broken", "sound"], models.Select(model => model.Name));
        Assert.StartsWith("Model 'broken' version 1 cannot be used: flow.json is damaged; delete it with", models[0].Damage);
        Assert.Null(models[1].Damage);
        var refused = await Assert.ThrowsAsync<BadInputException>(() => embedded.Cluster.Grains.GetGrain<IModelGrain>("broken").Describe(null));
        Assert.Equal(models[0].Damage, refused.Message);
    }

    [Fact]
    public async Task The_losses_of_a_version_outlive_its_run()
    {
        await using var embedded = await EmbeddedFixture.Start(slots: 1);
        await embedded.Train("m", embedded.Plan(steps: 20));
        await embedded.Train("m", embedded.Plan(steps: 10));
        await embedded.Run("m").Delete();
        var model = embedded.Cluster.Grains.GetGrain<IModelGrain>("m");
        Assert.Equal((20, 10), ((await model.Losses(1))[^1].Step, (await model.Losses(null))[^1].Step));
        await Assert.ThrowsAsync<BadInputException>(() => model.Losses(3));
    }
}
