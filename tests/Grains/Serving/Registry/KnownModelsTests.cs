using FlowGrain.Cluster;
using FlowGrain.Serving;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Grains.Serving.Registry;

public sealed class KnownModelsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_this_process_changes_is_known_at_once_and_what_another_does_after_a_second()
    {
        var (store, another, clock) = (StoredModels.In(_folder.Path), StoredModels.In(_folder.Path), new FakeTimeProvider());
        var models = new KnownModels(store, clock, NullLogger<KnownModels>.Instance);
        store.Publish(StoredModels.Some("m"), []);
        Assert.Equal(1, models.Resolve("m", which: null));
        store.Publish(StoredModels.Some("m", version: 2), []);
        Assert.Equal(2, models.Resolve("m", which: null));

        another.Publish(StoredModels.Some("m", version: 3), []);
        Assert.Equal(2, models.Resolve("m", which: null));
        Assert.Equal(3, models.Resolve("m", which: "3")); // what is asked for by number is looked for
        another.Publish(StoredModels.Some("m", version: 4), []);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(4, models.Resolve("m", which: null));

        await Point(another, 1);
        Assert.Equal(4, models.Resolve("m", which: null));
        Assert.Equal(1, models.Resolve("m", "champion")); // and by an alias
        await Point(another, 2);
        Assert.Equal(1, models.Resolve("m", which: null));
        models.Look("m"); // as the other silo says
        Assert.Equal(2, models.Resolve("m", which: null));
        await Point(store, 3);
        Assert.Equal(3, models.Resolve("m", which: null));

        await store.Delete("m", 4, by: null, TestContext.Current.CancellationToken);
        Assert.Equal([1, 2, 3], models.Get("m").Versions);
        await store.Delete("m", version: null, by: null, TestContext.Current.CancellationToken);
        Assert.Throws<NotFoundException>(() => models.Resolve("m", which: null));
    }

    [Fact]
    public void What_was_known_still_answers_while_the_disk_is_away()
    {
        var (store, clock) = (StoredModels.In(_folder.Path), new FakeTimeProvider());
        var models = new KnownModels(store, clock, NullLogger<KnownModels>.Instance);
        store.Publish(StoredModels.Some("m"), []);
        Assert.Equal(1, models.Resolve("m", which: null));
        Directory.Move(_folder.In("models"), _folder.In("away"));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, models.Resolve("m", which: null));
        Assert.Throws<NotFoundException>(() => models.Resolve("unknown", which: null));
        Directory.Move(_folder.In("away"), _folder.In("models"));
        Directory.Delete(store.PathOf("m", 1), recursive: true);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Throws<NotFoundException>(() => models.Resolve("m", which: null));
    }

    [Fact]
    public void A_change_is_read_when_it_is_heard_of_and_no_request_reads_on_account_of_it()
    {
        var (store, another) = (StoredModels.In(_folder.Path), StoredModels.In(_folder.Path));
        var models = new KnownModels(store, new FakeTimeProvider(), NullLogger<KnownModels>.Instance);
        store.Publish(StoredModels.Some("m"), []);
        store.Publish(StoredModels.Some("n"), []);
        another.Publish(StoredModels.Some("m", version: 2), []);
        another.Publish(StoredModels.Some("n", version: 2), []);
        models.Look("n");
        Directory.Move(_folder.In("models"), _folder.In("away")); // whoever reads now finds nothing
        Assert.Equal([1, 2], models.Get("n").Versions);
        Assert.Equal([1], models.Get("m").Versions);
    }

    [Fact]
    public void Who_asks_for_what_is_not_there_has_the_whole_registry_walked_through_once_a_second_at_most()
    {
        var clock = new FakeTimeProvider();
        var (store, another) = (new ModelStore(Options.Create(new StorageOptions { Root = _folder.Path }), clock), StoredModels.In(_folder.Path));
        store.Publish(StoredModels.Some("first"), []);
        Assert.Contains("there are first.", Refusal(), StringComparison.Ordinal);
        another.Publish(StoredModels.Some("second"), []);
        Assert.Contains("there are first.", Refusal(), StringComparison.Ordinal);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("there are first, second.", Refusal(), StringComparison.Ordinal);
        store.Publish(StoredModels.Some("third"), []);
        Assert.Contains("there are first, second, third.", Refusal(), StringComparison.Ordinal);

        string Refusal() => Assert.Throws<NotFoundException>(() => store.Resolve("unknown", which: null)).Message;
    }

    [Fact]
    public async Task A_line_that_is_damaged_takes_no_answer_away()
    {
        var (store, clock) = (StoredModels.In(_folder.Path), new FakeTimeProvider());
        var models = new KnownModels(store, clock, NullLogger<KnownModels>.Instance);
        store.Publish(StoredModels.Some("m"), []);
        await Point(store, 1);
        Assert.Equal(1, models.Resolve("m", which: null));
        await File.AppendAllTextAsync(Directory.GetFiles(_folder.Path, "history.ndjson", SearchOption.AllDirectories).Single(), "{\n", TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, models.Resolve("m", which: "champion"));
    }

    private static Task Point(ModelStore store, int version) =>
        store.Change("m", (_, _) => store.Happened(RegistryChangeKind.Pointed) with { Alias = "champion", Version = version }, TestContext.Current.CancellationToken);
}
