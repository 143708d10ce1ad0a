using FlowGrain.Serving;

namespace FlowGrain.Tests.Grains.Serving;

public sealed class ModelStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ModelStore _store;

    public ModelStoreTests() => _store = StoredModels.In(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_published_model_comes_back_whole()
    {
        var model = StoredModels.Some("m", context: 1);
        _store.Publish(model);
        var loaded = _store.Load("m", 1);
        Assert.Equal(model.Weights, loaded.Weights);
        Assert.Equal(model.Flow.Hash(), loaded.Flow.Hash());
        Assert.Equal(model.Flow.Columns, loaded.Flow.Columns);
        Assert.Equal(model.Record.Result, loaded.Record.Result);
        Assert.DoesNotContain(Directory.EnumerateDirectories(Path.Combine(_folder.Path, "models", "m")), path => Path.GetFileName(path).StartsWith('.'));
    }

    [Fact]
    public void The_newest_version_is_meant_unless_one_is_named()
    {
        foreach (var version in new[] { 2, 10, 1 }) _store.Publish(StoredModels.Some("m", version));
        Assert.Equal([1, 2, 10], _store.Versions("m"));
        Assert.Equal((10, 2), (_store.Resolve("m", null), _store.Resolve("m", 2)));
        Assert.Contains("it has 1, 2, 10", Assert.Throws<BadInputException>(() => _store.Resolve("m", 3)).Message);
    }

    [Fact]
    public void A_model_that_is_not_there_is_refused_with_those_that_are()
    {
        Assert.Contains("train one first", Assert.Throws<BadInputException>(() => _store.Resolve("m", null)).Message);
        _store.Publish(StoredModels.Some("one"));
        _store.Publish(StoredModels.Some("two"));
        Assert.Contains("there are one, two", Assert.Throws<BadInputException>(() => _store.Resolve("m", null)).Message);
    }

    [Fact]
    public void Deleting_takes_one_version_or_all_of_them()
    {
        foreach (var version in new[] { 1, 2, 3 }) _store.Publish(StoredModels.Some("m", version));
        _store.Delete("m", 2);
        Assert.Equal([1, 3], _store.Versions("m"));
        _store.Delete("m", null);
        Assert.Empty(_store.Names());
    }

    [Theory, InlineData(".."), InlineData("../models/m"), InlineData("."), InlineData("")]
    public void A_name_that_leads_out_of_the_registry_is_no_model(string name)
    {
        _store.Publish(StoredModels.Some("m"));
        Directory.CreateDirectory(_folder.In("7")); // what ".." would take for a version
        Assert.Throws<BadInputException>(() => _store.Resolve(name, null));
        Assert.Throws<BadInputException>(() => _store.Delete(name, null));
        Assert.True(Directory.Exists(_folder.In("7")));
        Assert.Equal(["m"], _store.Names());
    }

    [Theory]
    [InlineData("model.safetensors", "cut", "shorter")]
    [InlineData("model.safetensors", "flip", "checksum")]
    [InlineData("model.safetensors", "gone", "model.safetensors")]
    [InlineData("flow.json", "cut", "flow.json")]
    [InlineData("flow.json", "gone", "flow.json")]
    [InlineData("run.json", "cut", "run.json")]
    [InlineData("run.json", "gone", "run.json")]
    public void A_damaged_folder_is_refused_with_the_file_and_what_to_do(string file, string damage, string about)
    {
        _store.Publish(StoredModels.Some("m"));
        var path = Path.Combine(_store.PathOf("m", 1), file);
        var bytes = File.ReadAllBytes(path);
        File.Delete(path);
        if (damage == "cut") File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        if (damage == "flip") File.WriteAllBytes(path, [.. bytes[..^2], (byte)(bytes[^2] ^ 1), bytes[^1]]);

        var sentence = Assert.Throws<BadInputException>(() => _store.Load("m", 1)).Message;
        Assert.Contains(about, sentence);
        Assert.Contains("Model 'm' version 1 cannot be used", sentence);
        Assert.Contains("Train it again, or restore its folder", sentence);
    }
}
