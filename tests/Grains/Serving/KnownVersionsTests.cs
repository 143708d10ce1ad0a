using FlowGrain.Serving;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Grains.Serving;

public sealed class KnownVersionsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_this_process_publishes_or_deletes_is_known_at_once_and_what_another_does_after_a_second()
    {
        var (store, another, clock) = (StoredModels.In(_folder.Path), StoredModels.In(_folder.Path), new FakeTimeProvider());
        var versions = new KnownVersions(store, clock);
        store.Publish(StoredModels.Some("m"), []);
        Assert.Equal(1, versions.Resolve("m", version: null));
        store.Publish(StoredModels.Some("m", version: 2), []);
        Assert.Equal(2, versions.Resolve("m", version: null));

        another.Publish(StoredModels.Some("m", version: 3), []);
        Assert.Equal(2, versions.Resolve("m", version: null));
        Assert.Equal(3, versions.Resolve("m", version: 3)); // what is asked for by number is looked for
        another.Publish(StoredModels.Some("m", version: 4), []);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(4, versions.Resolve("m", version: null));

        store.Delete("m", 4);
        Assert.Equal(3, versions.Resolve("m", version: null));
        store.Delete("m", version: null);
        Assert.Throws<NotFoundException>(() => versions.Resolve("m", version: null));
    }
}
