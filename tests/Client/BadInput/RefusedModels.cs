using FlowGrain.Flows.Presets;
using FlowGrain.Tests.Grains.Serving;

namespace FlowGrain.Tests.Client.BadInput;

/// <summary>Models that are damaged or not there, and presets that are none.</summary>
public sealed class RefusedModels(RealCli cli) : IClassFixture<RealCli>
{
    public static TheoryData<string> Uses => ["score {table} --out {out}.csv", "score {table}", "evaluate {table}", "sample --out {out}.npy", "sample", "plot", "plot --out {out}.png"];

    [Theory, MemberData(nameof(Uses))]
    public async Task Weights_with_a_wrong_checksum_are_used_by_no_command(string use)
    {
        const string Damaged = "damaged"; // a version for each case: a silo keeps the weights that it has read
        var store = StoredModels.In(cli.Home);
        var version = store.Versions(Damaged).DefaultIfEmpty().Max() + 1;
        store.Publish(StoredModels.Some(Damaged, version), []);
        Flip(Path.Combine(store.PathOf(Damaged, version), "model.safetensors"));
        (await cli.Run(Words(use, Damaged))).RequireRefusal($"Model '{Damaged}' version {version}", "model.safetensors", "checksum", "run.json", $"flowgrain models delete {Damaged}@{version}");
    }

    [Theory, MemberData(nameof(Uses))]
    public async Task A_model_that_is_not_there_is_answered_with_the_nearest(string use) =>
        (await cli.Run(Words(use, "mm"))).RequireRefusal("There is no model 'mm'", "did you mean m?");

    [Fact]
    public async Task A_preset_that_is_none_is_answered_with_all_that_are() =>
        (await cli.Run("train", Table(), "--model", "flow")).RequireRefusal(["'flow'", .. Preset.All.Select(preset => preset.Name)]);

    private string[] Words(string use, string model) =>
        [.. use.Replace("{table}", Table(), StringComparison.Ordinal).Replace("{out}", cli.In("out"), StringComparison.Ordinal).Split(' '), "--model", model];

    private string Table()
    {
        TableFormats.Write(cli.In("t.csv"), Grid.Good);
        return cli.In("t.csv");
    }

    private static void Flip(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[^20] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
