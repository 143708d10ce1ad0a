using FlowGrain.Client;
using FlowGrain.Silo;

namespace FlowGrain.Cli;

/// <summary>A cluster and whatever must end with the command that uses it.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="owned">Ends with the connection; null when the cluster lives on.</param>
internal sealed class ClusterConnection(ICluster cluster, IAsyncDisposable? owned = null) : IAsyncDisposable
{
    internal ICluster Cluster { get; } = cluster;

    /// <summary>Starts a silo inside this process, with its state under <paramref name="home"/>.</summary>
    internal static async Task<ClusterConnection> Embedded(string home, CancellationToken cancellation)
    {
        var silo = await EmbeddedCluster.Start(home, [], cancellation);
        return new(new GrainCluster(silo.Grains, TimeProvider.System), silo);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => owned?.DisposeAsync() ?? ValueTask.CompletedTask;
}
