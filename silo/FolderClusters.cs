namespace FlowGrain.Silo;

/// <summary>
/// The clusters whose silos use a Storage:Root, a file each in its folder <c>clusters</c>, whose time is their last sign of life:
/// clusters with journals of their own would write over each other's runs.
/// </summary>
internal sealed class FolderClusters(string root, TimeProvider clock)
{
    private string Folder { get; } = Path.Combine(root, "clusters");

    /// <summary>A silo of the cluster lives.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    internal void Speak(string cluster)
    {
        Directory.CreateDirectory(Folder);
        using var file = new FileStream(PathOf(cluster), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        File.SetLastWriteTimeUtc(file.SafeFileHandle, clock.GetUtcNow().UtcDateTime);
    }

    /// <summary>The cluster is not here after all.</summary>
    internal void TakeBack(string cluster) => File.Delete(PathOf(cluster));

    /// <summary>Whether a silo of another cluster has lived lately; those that did before are forgotten.</summary>
    internal bool HasOthers(string cluster, TimeSpan lately)
    {
        var others = Directory.EnumerateFiles(Folder).Where(path => Path.GetFileName(path) != cluster).ToLookup(path => File.GetLastWriteTimeUtc(path) > clock.GetUtcNow().UtcDateTime - lately);
        foreach (var gone in others[false]) File.Delete(gone);
        return others[true].Any();
    }

    private string PathOf(string cluster) => Path.Combine(Folder, cluster);
}
