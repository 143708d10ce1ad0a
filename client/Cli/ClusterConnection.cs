using FlowGrain.Cli.Output;
using FlowGrain.Cli.Up;
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

    /// <summary>The version that answers; null where it is this program's own.</summary>
    internal string? Version { get; private init; }

    /// <summary>Starts a silo inside this process, with its state under <paramref name="home"/>.</summary>
    internal static async Task<ClusterConnection> Embedded(string home, Action<ILoggingBuilder> logging, CancellationToken cancellation)
    {
        UpFolder.RequireNobody(home);
        var silo = await EmbeddedCluster.Start(home, [], logging, cancellation, UpFolder.RunsElsewhere(home));
        return new(new GrainCluster(silo.Grains, TimeProvider.System), silo);
    }

    /// <summary>Connects to the cluster of a silo.</summary>
    /// <param name="silo">Its address.</param>
    /// <param name="key">The key to show; null for none.</param>
    /// <param name="waiting">Told in a sentence when the silo does not answer and is waited for.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClusterUnreachableException">No silo answers there.</exception>
    internal static async Task<ClusterConnection> Reach(Uri silo, string? key, Action<string> waiting, CancellationToken cancellation)
    {
        var cluster = new HttpCluster(ApiConnection.Open(silo, key), new AnswerFiles(), TimeProvider.System, waiting); // its connections end with this process
        return new(cluster) { Version = (await cluster.Greet(cancellation)).Version };
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => owned?.DisposeAsync() ?? ValueTask.CompletedTask;
}
