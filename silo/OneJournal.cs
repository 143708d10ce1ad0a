using FlowGrain.Cluster;
using FlowGrain.Storage;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo;

/// <summary>A folder's runs stand in one journal: a silo on its own and silos that share a Redis are not on the same Storage:Root at once.</summary>
internal sealed class OneJournal(IOptions<ClusterOptions> cluster, IOptions<SiloOptions> silo, IOptions<StorageOptions> storage, TimeProvider clock) : ILifecycleParticipant<ISiloLifecycle>
{
    private IDisposable? _joined;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(OneJournal), ServiceLifecycleStage.RuntimeInitialize, Join, Leave); // the ports are its own by then

    private async Task Join(CancellationToken cancellation)
    {
        var (root, inRedis) = (Path.GetFullPath(storage.Value.Root), cluster.Value.IsRedis);
        var silos = new FolderSilos(root);
        try
        {
            _joined = await silos.Join(inRedis, $"{silo.Value.Address}:{silo.Value.Port}", clock, cancellation); // first: of two that start at once, each sees the other
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw Refused($"Storage:Root is '{root}', where this user can make and write no folder; name one where it can.");
        }

        if (silos.Living(!inRedis) is { } other) throw Refused(Sentence(root, other, inRedis));
    }

    private static OptionsValidationException Refused(string sentence) => new(StorageOptions.Section, typeof(StorageOptions), [sentence]);

    private Task Leave(CancellationToken cancellation)
    {
        _joined?.Dispose();
        return Task.CompletedTask;
    }

    private static string Sentence(string root, string other, bool inRedis) => inRedis
        ? $"The silo at {other} works alone on Storage:Root '{root}' and keeps the runs there; stop it, or name another folder."
        : $"The silo at {other} works on Storage:Root '{root}', and its runs stand in a Redis; join its cluster with Cluster:Provider=redis and the Cluster:ConnectionString that it has, or name another folder.";
}
