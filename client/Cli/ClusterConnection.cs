using FlowGrain.Client;
using FlowGrain.Silo;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Cli;

/// <summary>A cluster and whatever must end with the command that uses it.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="owned">Ends with the connection; null when the cluster lives on.</param>
internal sealed class ClusterConnection(ICluster cluster, IAsyncDisposable? owned = null) : IAsyncDisposable
{
    internal ICluster Cluster { get; } = cluster;

    /// <summary>Whether the cluster lives inside this process and ends with it.</summary>
    internal bool IsEmbedded => owned is not null;

    /// <summary>Starts a silo inside this process, with its state under <paramref name="home"/>.</summary>
    internal static async Task<ClusterConnection> Embedded(string home, Action<ILoggingBuilder> logging, CancellationToken cancellation)
    {
        var silo = await EmbeddedCluster.Start(home, [], logging, cancellation);
        return new(new GrainCluster(silo.Grains, TimeProvider.System), silo);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => owned?.DisposeAsync() ?? ValueTask.CompletedTask;
}
