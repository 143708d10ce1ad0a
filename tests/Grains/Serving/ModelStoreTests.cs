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
        _store.Publish(model, []);
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
        foreach (var version in new[] { 2, 10, 1 }) _store.Publish(StoredModels.Some("m", version), []);
        Assert.Equal([1, 2, 10], _store.Versions("m"));
        Assert.Equal((10, 2), (_store.Resolve("m", which: null), _store.Resolve("m", 2)));
        Assert.Contains("it has 1, 2, 10", Assert.ThrowsAny<BadInputException>(() => _store.Resolve("m", 3)).Message);
    }

    [Fact]
    public void A_model_that_is_not_there_is_refused_with_those_that_are()
    {
        Assert.Contains("train one first", Assert.ThrowsAny<BadInputException>(() => _store.Resolve("m", which: null)).Message);
        _store.Publish(StoredModels.Some("one"), []);
        _store.Publish(StoredModels.Some("two"), []);
        Assert.Contains("there are one, two", Assert.ThrowsAny<BadInputException>(() => _store.Resolve("m", which: null)).Message);
    }

    [Fact]
    public async Task Deleting_takes_one_version_or_all_of_them_and_their_numbers_are_not_given_again()
    {
        foreach (var version in new[] { 1, 2, 3 }) _store.Publish(StoredModels.Some("m", version), []);
        await _store.Delete("m", 2, by: null, TestContext.Current.CancellationToken);
        Assert.Equal([1, 3], _store.Versions("m"));
        await _store.Delete("m", null, by: "key ada", TestContext.Current.CancellationToken);
        Assert.Equal([null, "key ada", "key ada"], _store.Changes("m").Select(change => change.By));
        Assert.Empty(_store.Names());
        Assert.Equal(3, _store.Highest("m"));
    }

    [Fact]
    public async Task What_the_changes_come_to_is_made_out_once_for_each_change()
    {
        _store.Publish(StoredModels.Some("m"), []);
        await Point("champion");
        var registration = _store.Find("m").Registration;
        Assert.Same(registration, _store.Find("m").Registration);
        await Point("challenger");
        Assert.Equal(2, _store.Find("m").Registration.Aliases.Count);

        Task Point(string alias) => _store.Change("m", (_, _) => _store.Happened(RegistryChangeKind.Pointed) with { Alias = alias, Version = 1 }, TestContext.Current.CancellationToken);
    }

    [Theory, InlineData(".."), InlineData("../models/m"), InlineData("."), InlineData("")]
    public void A_name_that_leads_out_of_the_registry_is_no_model(string name)
    {
        _store.Publish(StoredModels.Some("m"), []);
        Directory.CreateDirectory(_folder.In("7")); // what ".." would take for a version
        Assert.ThrowsAny<BadInputException>(() => _store.Resolve(name, which: null));
        Assert.ThrowsAny<BadInputException>(() => _store.Find(name));
        Assert.True(Directory.Exists(_folder.In("7")));
        Assert.Equal(["m"], _store.Names());
    }

    [Fact]
    public void A_name_that_leads_out_of_the_registry_is_refused_everywhere()
    {
        Assert.ThrowsAny<BadInputException>(() => _store.PathOf("../m", 1));
        Assert.ThrowsAny<BadInputException>(() => _store.IsIntact("..", 1));
        Assert.ThrowsAny<BadInputException>(() => _store.Describe("a/b", 1));
        Assert.ThrowsAny<BadInputException>(() => _store.Load("m\0", 1));
        Assert.ThrowsAny<BadInputException>(() => _store.Publish(StoredModels.Some("../m"), []));
    }

    [Theory]
    [InlineData("model.safetensors", "cut", "model.safetensors is damaged (it is shorter than its header says);")]
    [InlineData("model.safetensors", "flip", "do not have the checksum that run.json names;")]
    [InlineData("model.safetensors", "gone", "model.safetensors is missing;")]
    [InlineData("flow.json", "cut", "flow.json is damaged;")]
    [InlineData("flow.json", "gone", "flow.json is missing;")]
    [InlineData("flow.json", "seed", "flow.json is not the flow that run.json names;")]
    [InlineData("flow.json", "format", "flow.json is damaged (the flow has format 9; this program reads 1 to 1);")]
    [InlineData("flow.json", "name", "flow.json is not the file that run.json names: its SHA-256 is another;")]
    [InlineData("golden.json", "round trip", "golden.json is not the file that run.json names: its SHA-256 is another;")]
    [InlineData("golden.json", "gone", "golden.json is missing;")]
    [InlineData("run.json", "cut", "run.json is damaged;")]
    [InlineData("run.json", "gone", "run.json is missing;")]
    [InlineData("run.json", "format", "run.json has format 9 and this program reads 1;")]
    public void A_damaged_folder_is_refused_with_the_file_and_what_to_do(string file, string damage, string about)
    {
        _store.Publish(StoredModels.Some("m"), []);
        Damage(file, damage);
        var sentence = Assert.Throws<BadInputException>(() => _store.Load("m", 1)).Message;
        Assert.StartsWith("Model 'm' version 1 cannot be used: ", sentence);
        Assert.Contains(about, sentence);
        Assert.EndsWith("; delete it with 'flowgrain models delete m@1', or train it again with the command that made it.", sentence);
        Assert.DoesNotContain("LineNumber", sentence);
        Assert.False(_store.IsIntact("m", 1));
    }

    [Theory]
    [InlineData("model.safetensors", "cut")]
    [InlineData("model.safetensors", "flip")]
    [InlineData("flow.json", "seed")]
    [InlineData("run.json", "gone")]
    [InlineData("golden.json", "round trip")]
    [InlineData("flow.json", "name")]
    [InlineData("card.md", "gone")]
    public void Publishing_again_mends_a_damaged_folder(string file, string damage)
    {
        _store.Publish(StoredModels.Some("m"), []);
        Damage(file, damage);
        Assert.False(_store.IsIntact("m", 1));
        _store.Publish(StoredModels.Some("m"), []);
        Assert.True(_store.IsIntact("m", 1));
        Assert.Equal(["1"], Directory.EnumerateDirectories(Path.Combine(_folder.Path, "models", "m")).Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public void Publishing_what_is_published_already_does_nothing()
    {
        _store.Publish(StoredModels.Some("m"), []);
        var note = Path.Combine(_store.PathOf("m", 1), "note");
        File.WriteAllText(note, "of the user");
        _store.Publish(StoredModels.Some("m"), []);
        Assert.True(File.Exists(note));
    }

    [Fact]
    public void Other_weights_under_a_version_that_is_published_are_refused_and_the_first_stay()
    {
        var first = StoredModels.Some("m");
        _store.Publish(first, []);
        var sentence = Assert.Throws<BadInputException>(() => _store.Publish(first with { Weights = [.. first.Weights.Select(weight => weight + 1)] }, [])).Message;
        Assert.Equal("Model 'm' version 1 is published already, with other weights; delete it with 'flowgrain models delete m@1', or choose another --name.", sentence);
        Assert.Throws<BadInputException>(() => _store.Publish(first with { Flow = first.Flow with { Seed = 77 } }, []));
        Assert.Equal(first.Weights, _store.Load("m", 1).Weights);
    }

    [Theory, InlineData("flow.json"), InlineData("run.json")]
    public void Whatever_is_wrong_in_a_file_is_a_sentence(string file)
    {
        _store.Publish(StoredModels.Some("m", context: 1), []);
        var path = Path.Combine(_store.PathOf("m", 1), file);
        var whole = File.ReadAllText(path);
        foreach (var damaged in DamagedJson.Of(whole))
        {
            File.WriteAllText(path, damaged);
            var error = Record.Exception(() => _store.Load("m", 1)); // some damage changes nothing that is read
            Assert.True(error is null or BadInputException, $"{error}\n{damaged}");
        }
    }

    [Fact]
    public void A_version_that_is_not_there_is_not_intact() => Assert.False(_store.IsIntact("m", 1));

    [Fact]
    public void A_full_disk_is_a_failure_of_its_own_and_nothing_stays_there()
    {
        using var disk = new SmallDisk(kilobytes: 8);
        Assert.Throws<DiskFullException>(() => StoredModels.In(disk.Path).Publish(StoredModels.Some("m"), []));
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.In("models/m")));
    }

    private void Damage(string file, string damage)
    {
        var path = Path.Combine(_store.PathOf("m", 1), file);
        var bytes = File.ReadAllBytes(path);
        var text = File.ReadAllText(path);
        File.Delete(path);
        if (damage == "cut") File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        if (damage == "flip") File.WriteAllBytes(path, [.. bytes[..^2], (byte)(bytes[^2] ^ 1), bytes[^1]]);
        if (damage == "name") File.WriteAllText(path, text.Replace("\"x0\"", "\"y0\""));
        if (damage == "round trip") File.WriteAllText(path, text.Replace("\"roundTripError\":", "\"roundTripError\":1"));
        if (damage == "seed") File.WriteAllText(path, text.Replace("\"seed\": ", "\"seed\": 1"));
        if (damage == "format") File.WriteAllText(path, text.Replace("\"format\": 1", "\"format\": 9"));
    }
}
