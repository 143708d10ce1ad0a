using FlowGrain.Tests.Grains;

namespace FlowGrain.Tests.Cluster;

/// <summary>A test on silos that are real processes, beside an embedded cluster that says what bits they should come to.</summary>
public abstract class ClusterTest : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    private protected RedisServer Redis { get; } = new();

    private protected EmbeddedFixture Embedded { get; private set; } = null!;

    /// <summary>The folder that the silos share.</summary>
    private protected string Store => _folder.In("store");

    private protected SiloCluster Cluster { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        Embedded = await EmbeddedFixture.Start();
        Cluster = new SiloCluster(Redis, Store, Path.GetDirectoryName(Embedded.Plan().Data.Path)!);
        await Begin(Cluster);
        await Cluster.Connect();
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await Embedded.DisposeAsync();
        Redis.Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the silos that the test begins with.</summary>
    private protected abstract Task Begin(SiloCluster cluster);
}
