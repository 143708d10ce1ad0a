using FlowGrain.Data;
using FlowGrain.Serving;

namespace FlowGrain.Tests.Grains.Serving.Detecting;

/// <summary>The reference that a run leaves with its model.</summary>
public sealed class HeldOutRowsTests
{
    [Fact]
    public async Task A_reference_is_the_validation_rows_to_the_same_bits_on_any_number_of_slots()
    {
        byte[][] files = new byte[2][];
        for (var slots = 1; slots <= files.Length; slots++)
        {
            await using var embedded = await EmbeddedFixture.Start(slots);
            var result = await embedded.Train("m", embedded.Plan(context: true));
            files[slots - 1] = await File.ReadAllBytesAsync(Path.Combine(result.Path, "reference.npy"), TestContext.Current.CancellationToken);
            var model = StoredModels.In(embedded.Home).Load("m", 1);
            Assert.Equal(model.Record.ValidationRows, model.Reference!.LogDensity.Length);
            Assert.Equal(result.ValidationNll, -model.Reference.Mean, 1e-5);
            Assert.All(model.Reference.Norm, norm => Assert.True(norm > 0));
        }

        Assert.Equal(files[0], files[1]);
    }

    [Fact]
    public async Task Numpy_reads_it_as_a_table_of_two_columns()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var result = await embedded.Train("m", embedded.Plan(steps: 5));
        using var reader = TableReader.Open(Path.Combine(result.Path, "reference.npy"));
        Assert.Equal(2, reader.Columns.Length);
        reader.Select([0, 1], byName: false);
        var values = new double[4096];
        var rows = reader.Read(values, TestContext.Current.CancellationToken);
        var reference = StoredModels.In(embedded.Home).Load("m", 1).Reference!;
        Assert.Equal(reference.LogDensity.Zip(reference.Norm, (log, norm) => new[] { (double)log, norm }).SelectMany(row => row), values[..(2 * rows)]);
    }

    [Fact]
    public async Task Test_rows_are_the_reference_where_none_validate_and_there_is_none_without_either()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var plan = embedded.Plan(steps: 5) with { ValidationFraction = 0 };
        await embedded.Train("tested", plan with { TestFraction = 0.2 });
        await embedded.Train("trained", plan);
        var store = StoredModels.In(embedded.Home);
        var tested = store.Load("tested", 1);
        Assert.Equal(tested.Record.TestRows, tested.Reference!.LogDensity.Length);
        Assert.Null(store.Load("trained", 1).Reference);
    }

    [Fact]
    public async Task Of_more_held_out_rows_than_it_has_room_for_it_is_a_sample_and_of_values_that_may_be_missing_too()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var rows = Enumerable.Range(0, 25_000).Select(row => $"{(row % 7 == 0 ? "" : $"{row * 7919 % 1009}")},{row * 104729 % 1013}");
        var table = embedded.Write("long.csv", ["a,b", .. rows]);
        var plan = embedded.Plan("maf", steps: 5) with { ValidationFraction = 0.5, Data = new DataSelection(table, ["a", "b"], [], MissingRows.Mask) };
        await embedded.Train("m", plan);
        var model = StoredModels.In(embedded.Home).Load("m", 1);
        Assert.Equal((10_000, true), (model.Reference!.LogDensity.Length, model.Record.ValidationRows > 10_000));
        Assert.Equal(model.Record.Result.ValidationNll, -model.Reference.Mean, 0.05);
        Assert.All(model.Reference.Norm, norm => Assert.True(float.IsFinite(norm)));
    }

    [Theory, InlineData("gone", "reference.npy is missing"), InlineData("other", "reference.npy is damaged (its SHA-256 is not the one that run.json names)")]
    public void A_reference_that_is_damaged_is_refused_and_mended_by_publishing_again(string damage, string words)
    {
        using var folder = new TempFolder();
        var store = StoredModels.In(folder.Path);
        var model = StoredModels.Some("m") with { Reference = new Reference([-1, -2], [1, 2]) };
        store.Publish(model, []);
        Assert.Equal(([-1f, -2f], [1f, 2f]), (store.Load("m", 1).Reference!.LogDensity.ToArray(), store.Load("m", 1).Reference!.Norm.ToArray()), Arrays);
        var path = Path.Combine(store.PathOf("m", 1), "reference.npy");
        if (damage == "gone") File.Delete(path);
        else File.WriteAllBytes(path, [.. File.ReadAllBytes(path)[..^1], 1]);
        Assert.False(store.IsIntact("m", 1));
        Assert.Contains(words, Assert.Throws<BadInputException>(() => store.Load("m", 1)).Message);
        store.Publish(model, []);
        Assert.True(store.IsIntact("m", 1));
    }

    private static EqualityComparer<(float[], float[])> Arrays { get; } = EqualityComparer<(float[] A, float[] B)>.Create((x, y) => x.A.SequenceEqual(y.A) && x.B.SequenceEqual(y.B), _ => 0);
}
