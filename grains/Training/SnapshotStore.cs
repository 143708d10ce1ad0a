using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using FlowGrain.Cluster;
using FlowGrain.Storage;
using Microsoft.Extensions.Options;

namespace FlowGrain.Training;

/// <summary>A group commit on disk: the run's state and the files of its ranges.</summary>
/// <param name="Format">Version of this layout; 1.</param>
/// <param name="SpecHash">Hash of the flow it belongs to.</param>
/// <param name="Epoch">Number of the epoch that wrote it.</param>
/// <param name="State">Where the run was.</param>
/// <param name="Parts">The files, one a range.</param>
internal sealed record Snapshot(int Format, string SpecHash, long Epoch, RunState State, ImmutableArray<SnapshotPart> Parts)
{
    /// <summary>The version that this program writes.</summary>
    internal const int CurrentFormat = 1;
}

/// <summary>
/// The snapshots of runs, a folder each: <c>runs/NAME/VERSION/r00001234.e7/</c> with <c>range-00.bin</c> … and
/// <c>manifest.json</c>. A folder has its name only when all in it is on disk.
/// </summary>
internal sealed class SnapshotStore(IOptions<StorageOptions> storage)
{
    private const string Manifest = "manifest.json";
    private const string Temporary = ".tmp-";

    /// <summary>An empty folder to write the ranges of a snapshot into.</summary>
    internal string Begin(string run, int version, long round, Epoch epoch)
    {
        var folder = Path.Combine(FolderOf(run, version), $"{Temporary}{Name(round, epoch)}-{Guid.NewGuid():N}");
        return Directory.CreateDirectory(folder).FullName;
    }

    /// <summary>Completes a snapshot: manifest, rename, all on disk. Returns the folder's name and the manifest's SHA-256.</summary>
    internal (string Name, string Sha256) Seal(string folder, string run, int version, Epoch epoch, Snapshot snapshot)
    {
        var manifest = JsonSerializer.SerializeToUtf8Bytes(snapshot, Json.Compact);
        Durable.WriteFile(Path.Combine(folder, Manifest), manifest);
        var name = Name(snapshot.State.Round, epoch);
        var target = Path.Combine(FolderOf(run, version), name);
        if (Directory.Exists(target)) Directory.Delete(target, recursive: true); // of a commit that never reached the journal
        Durable.MoveFolder(folder, target);
        return (name, Convert.ToHexStringLower(SHA256.HashData(manifest)));
    }

    /// <summary>The snapshot that the journal names, when all of it is intact.</summary>
    internal Snapshot? Open(string run, int version, CommittedSnapshot committed)
    {
        var folder = PathOf(run, version, committed.Name);
        var manifest = Path.Combine(folder, Manifest);
        if (!File.Exists(manifest)) return null;
        var bytes = File.ReadAllBytes(manifest);
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != committed.Sha256) return null;
        var snapshot = Json.Value<Snapshot>(bytes);
        return snapshot.Parts.All(part => SnapshotFile.Verify(folder, part)) ? snapshot : null;
    }

    /// <summary>The folder of a snapshot.</summary>
    internal string PathOf(string run, int version, string name) => Path.Combine(FolderOf(run, version), name);

    /// <summary>Removes every snapshot but those named, and what a crash left half written.</summary>
    internal void Keep(string run, int version, IEnumerable<CommittedSnapshot> kept)
    {
        var names = kept.Select(snapshot => snapshot.Name).ToHashSet();
        foreach (var folder in Directory.EnumerateDirectories(FolderOf(run, version)).Where(folder => !names.Contains(Path.GetFileName(folder))).ToList())
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Removes every snapshot of a run.</summary>
    internal void Delete(string run)
    {
        var folder = Path.Combine(storage.Value.Runs, run);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private string FolderOf(string run, int version) => Path.Combine(storage.Value.Runs, run, $"{version}");

    private static string Name(long round, Epoch epoch) => $"r{round:00000000}.e{epoch.Number}";
}
