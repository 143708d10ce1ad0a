using FlowGrain.Tests.Grains;

namespace FlowGrain.Tests.Cluster;

/// <summary>The same program in three sizes: inside this process, one silo with one slot, three silos with two slots each.</summary>
public sealed class ClusterSizes : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly RedisServer _redisOfOne = new();
    private readonly RedisServer _redisOfThree = new();

    internal EmbeddedFixture Embedded { get; private set; } = null!;

    internal SiloCluster One { get; private set; } = null!;

    internal SiloCluster Three { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Embedded = await EmbeddedFixture.Start();
        var data = Path.GetDirectoryName(Embedded.Plan().Data.Path)!;
        (One, Three) = (new SiloCluster(_redisOfOne, _folder.In("one"), data), new SiloCluster(_redisOfThree, _folder.In("three"), data));
        await Task.WhenAll(One.Start("a"), Three.Start("a", slots: 2), Three.Start("b", slots: 2), Three.Start("c", slots: 2));
        await Task.WhenAll(One.Connect(), Three.Connect());
    }

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Three.DisposeAsync();
        await Embedded.DisposeAsync();
        _redisOfOne.Dispose();
        _redisOfThree.Dispose();
        _folder.Dispose();
    }
}
