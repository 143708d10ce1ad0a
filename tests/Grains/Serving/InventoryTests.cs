using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Serving;

namespace FlowGrain.Tests.Grains.Serving;

public sealed class InventoryTests
{
    [Fact]
    public async Task A_damaged_model_hides_no_other_and_says_what_is_wrong()
    {
        await using var embedded = await EmbeddedFixture.Start(slots: 1);
        var store = StoredModels.In(embedded.Home);
        foreach (var name in new[] { "broken", "sound" }) store.Publish(StoredModels.Some(name), []);
        await File.WriteAllTextAsync(Path.Combine(store.PathOf("broken", 1), "flow.json"), "{", TestContext.Current.CancellationToken);

        var models = await embedded.Cluster.Grains.GetGrain<IClusterGrain>(0).Models();
        Assert.Equal(["broken", "sound"], models.Select(model => model.Name));
        Assert.StartsWith("Model 'broken' version 1 cannot be used: flow.json is damaged; delete it with", models[0].Damage);
        Assert.Null(models[1].Damage);
        var refused = await Assert.ThrowsAsync<BadInputException>(() => embedded.Cluster.Grains.GetGrain<IModelGrain>("broken").Describe(null));
        Assert.Equal(models[0].Damage, refused.Message);
    }

    [Fact]
    public async Task Weights_that_were_damaged_since_they_were_looked_at_are_said_in_the_list_and_by_the_model()
    {
        await using var embedded = await EmbeddedFixture.Start(slots: 1);
        var store = StoredModels.In(embedded.Home);
        store.Publish(StoredModels.Some("m"), []);
        var (cluster, model) = (embedded.Cluster.Grains.GetGrain<IClusterGrain>(0), embedded.Cluster.Grains.GetGrain<IModelGrain>("m"));
        Assert.Null(Assert.Single(await cluster.Models()).Damage);

        var path = Path.Combine(store.PathOf("m", 1), "model.safetensors");
        var weights = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        weights[^3] ^= 1;
        await File.WriteAllBytesAsync(path, weights, TestContext.Current.CancellationToken);
        var damage = Assert.Single(await cluster.Models()).Damage;
        Assert.Contains("the weights in model.safetensors do not have the checksum", damage);
        Assert.Equal(damage, (await Assert.ThrowsAsync<BadInputException>(() => model.Describe(null))).Message);
    }

    [Fact]
    public async Task Questions_make_no_home_where_there_is_none()
    {
        await using var embedded = await EmbeddedFixture.Start(slots: 1);
        var table = embedded.Write("t.csv", ["a,b", "1,2", "2,5", "3,1"]);
        var cluster = embedded.Cluster.Grains.GetGrain<IClusterGrain>(0);
        Assert.Empty(await cluster.Runs());
        Assert.Empty(await cluster.Models());
        Assert.Equal(0, (await cluster.Overview()).Runs);
        Assert.NotEmpty(await cluster.Presets());
        await embedded.Cluster.Grains.GetGrain<IDatasetGrain>(table).Inspect(new(table, [], [], FlowGrain.Data.MissingRows.Refuse), TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<BadInputException>(() => embedded.Cluster.Grains.GetGrain<IModelGrain>("m").Describe(null));
        Assert.False(Directory.Exists(embedded.Home));
    }

    [Fact]
    public async Task A_run_is_listed_with_what_it_came_to_and_whether_its_model_is_there()
    {
        await using var embedded = await EmbeddedFixture.Start(slots: 1);
        var result = await embedded.Train("m", embedded.Plan(steps: 10));
        var cluster = embedded.Cluster.Grains.GetGrain<IClusterGrain>(0);
        var listed = Assert.Single(await cluster.Runs());
        Assert.Equal((true, result.WeightsSha256), (listed.IsPublished, listed.Result!.WeightsSha256));
        await embedded.Cluster.Grains.GetGrain<IModelGrain>("m").Delete(version: null, by: null, TestContext.Current.CancellationToken);
        Assert.False(Assert.Single(await cluster.Runs()).IsPublished);
    }

    [Fact]
    public async Task Slots_that_a_run_has_are_busy_until_it_ends()
    {
        await using var embedded = await EmbeddedFixture.Start(slots: 3);
        var (cluster, run) = (embedded.Cluster.Grains.GetGrain<IClusterGrain>(0), embedded.Run("m"));
        Assert.Equal(0, Assert.Single((await cluster.Overview()).Silos).BusySlots);
        await run.Start(embedded.Plan(steps: 1_000_000), TestContext.Current.CancellationToken);
        await EmbeddedFixture.Until(run, progress => progress.Step > 5);
        Assert.Equal(3, Assert.Single((await cluster.Overview()).Silos).BusySlots);
        await run.Stop();
        Assert.Equal(0, Assert.Single((await cluster.Overview()).Silos).BusySlots);
    }

    [Fact]
    public async Task A_context_has_the_range_that_holds_nearly_all_of_its_rows()
    {
        await using var embedded = await EmbeddedFixture.Start(slots: 1);
        await embedded.Train("m", embedded.Plan(steps: 10, context: true)); // its context is standard normal
        var range = Assert.Single((await embedded.Cluster.Grains.GetGrain<IModelGrain>("m").Describe(null)).ContextRanges);
        Assert.InRange(range.Low, -3.5, -2.5);
        Assert.InRange(range.High, 2.5, 3.5);
    }

    [Fact]
    public async Task Every_setting_of_every_preset_has_a_meaning()
    {
        await using var embedded = await EmbeddedFixture.Start(slots: 1);
        var presets = await embedded.Cluster.Grains.GetGrain<IClusterGrain>(0).Presets();
        Assert.All(presets, preset => Assert.Equal(preset.Settings.Keys, preset.Meanings.Keys));
        Assert.Equal(SettingMeanings.All.Keys, presets.SelectMany(preset => preset.Settings.Keys).Distinct().Order(StringComparer.Ordinal)); // and none is left over
    }

    [Theory, InlineData("soud", "There is no model 'soud'; did you mean sound?"), InlineData("x", "There is no model 'x'; there are other, sound.")]
    public async Task A_mistyped_model_is_answered_with_the_nearest_or_all(string name, string sentence)
    {
        await using var embedded = await EmbeddedFixture.Start(slots: 1);
        foreach (var model in new[] { "sound", "other" }) StoredModels.In(embedded.Home).Publish(StoredModels.Some(model), []);
        var refused = await Assert.ThrowsAnyAsync<BadInputException>(() => embedded.Cluster.Grains.GetGrain<IModelGrain>(name).Describe(null));
        Assert.Equal(sentence, refused.Message);
    }

    [Fact]
    public async Task The_losses_of_a_version_outlive_its_run()
    {
        await using var embedded = await EmbeddedFixture.Start(slots: 1);
        await embedded.Train("m", embedded.Plan(steps: 20));
        await embedded.Train("m", embedded.Plan(steps: 10));
        await embedded.Run("m").Delete();
        var model = embedded.Cluster.Grains.GetGrain<IModelGrain>("m");
        Assert.Equal((20, 10), ((await model.Losses("1"))[^1].Step, (await model.Losses(null))[^1].Step));
        await Assert.ThrowsAnyAsync<BadInputException>(() => model.Losses("3"));
    }

    [Fact]
    public async Task Each_slot_tells_which_run_has_it()
    {
        await using var embedded = await EmbeddedFixture.Start(slots: 2);
        var (cluster, run) = (embedded.Cluster.Grains.GetGrain<IClusterGrain>(0), embedded.Run("m"));
        Assert.Equal([null, null], Assert.Single((await cluster.Overview()).Silos).Holders);
        await run.Start(embedded.Plan(steps: 1_000_000), TestContext.Current.CancellationToken);
        await EmbeddedFixture.Until(run, progress => progress.Step > 5);
        Assert.Equal(["m", "m"], Assert.Single((await cluster.Overview()).Silos).Holders);
        await run.Stop();
        Assert.Equal([null, null], Assert.Single((await cluster.Overview()).Silos).Holders);
    }

    [Fact]
    public async Task Rows_of_a_data_set_come_from_all_of_it_and_are_the_same_again()
    {
        await using var embedded = await EmbeddedFixture.Start(slots: 1);
        var table = embedded.Write("t.csv", ["a,b", .. Enumerable.Range(0, 5000).Select(i => $"{i},{(i * 37) % 1000}.5")]);
        var imported = await embedded.Cluster.Grains.GetGrain<IDatasetGrain>(table).Import(new(table, ["a", "b"], [], MissingRows.Refuse), TestContext.Current.CancellationToken);
        var cluster = embedded.Cluster.Grains.GetGrain<IClusterGrain>(0);
        var rows = await cluster.DatasetRows(imported.Id, 100, seed: 1);
        Assert.Equal(["a", "b"], rows.Columns);
        for (var i = 0; i < 100; i++)
        {
            var (a, b) = (rows.Rows.Span[2 * i], rows.Rows.Span[2 * i + 1]);
            Assert.InRange(a, 50 * i - 0.01, 50 * i + 49.01);
            Assert.Equal(Math.Round(a) * 37 % 1000 + 0.5, b, 2);
        }

        Assert.Equal(rows.Rows.Span.ToArray(), (await cluster.DatasetRows(imported.Id, 100, seed: 1)).Rows.Span.ToArray());
        Assert.NotEqual(rows.Rows.Span.ToArray(), (await cluster.DatasetRows(imported.Id, 100, seed: 2)).Rows.Span.ToArray());
        Assert.Equal(10_000, (await cluster.DatasetRows(imported.Id, 9_000, seed: 1)).Rows.Length); // all that there are
        Assert.Contains("1 to 10000", (await Assert.ThrowsAsync<BadInputException>(() => cluster.DatasetRows(imported.Id, 10_001, seed: 1))).Message);
        await Assert.ThrowsAsync<NotFoundException>(() => cluster.DatasetRows("nothing", 1, seed: 1));
    }
}
