using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using FlowGrain.Cluster;
using FlowGrain.Storage;
using Microsoft.Extensions.Options;

namespace FlowGrain.Training;

/// <summary>
/// The snapshots of runs, a folder each: <c>runs/NAME/VERSION/r00001234.e7/</c> with <c>range-00.bin</c> … and
/// <c>manifest.json</c>. A folder has its name only when all in it is on disk.
/// </summary>
internal sealed partial class SnapshotStore(IOptions<StorageOptions> storage)
{
    private const string Manifest = "manifest.json";
    private const string Temporary = ".tmp-";

    /// <summary>An empty folder to write the ranges of a snapshot into. What an attempt before left half written goes first; what a later epoch writes stays.</summary>
    /// <exception cref="DiskFullException">There is no room for it.</exception>
    internal string Begin(string run, int version, long round, Epoch epoch) => DiskSpace.Use(FolderOf(run, version), () =>
    {
        Durable.CreateFolder(FolderOf(run, version));
        foreach (var left in UpTo(epoch, run, version, Temporary + "*")) Directory.Delete(left, recursive: true);
        var folder = Path.Combine(FolderOf(run, version), $"{Temporary}{Name(round, epoch)}-{Guid.NewGuid():N}");
        Durable.CreateFolder(folder);
        return folder;
    });

    /// <summary>Completes a snapshot: manifest, rename, all on disk. Returns the folder's name and the manifest's SHA-256.</summary>
    /// <exception cref="DiskFullException">There is no room for it; nothing of it was left behind.</exception>
    internal (string Name, string Sha256) Seal(string folder, string run, int version, Epoch epoch, Snapshot snapshot)
    {
        var manifest = JsonSerializer.SerializeToUtf8Bytes(snapshot, Json.Compact);
        var name = Name(snapshot.State.Round, epoch);
        DiskSpace.Use(FolderOf(run, version), () => Seal(folder, Path.Combine(FolderOf(run, version), name), manifest));
        return (name, Convert.ToHexStringLower(SHA256.HashData(manifest)));
    }

    /// <summary>
    /// Where the run was at the snapshot that the journal names: round, state and history. Reads the small manifest alone, so
    /// it is for questions about progress; whether the weights can be used, only <see cref="Open"/> knows.
    /// </summary>
    /// <returns>Null when the manifest is absent or damaged, or cannot be read now.</returns>
    internal RunState? ReadState(string run, int version, CommittedSnapshot committed)
    {
        try
        {
            return ReadManifest(run, version, committed)?.State;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // the answer does without; who goes on from it meets the same, and says so
        }
    }

    /// <summary>
    /// The snapshot that the journal names, to go on from. Reads and hashes all of its parts, 20 bytes a parameter; questions
    /// about progress ask <see cref="ReadState"/>.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="version">Its version.</param>
    /// <param name="committed">What the journal says of it.</param>
    /// <param name="specHash">Hash of the flow that it must be of.</param>
    /// <returns>Null when a file is absent or damaged.</returns>
    /// <exception cref="BadInputException">It is whole, but not for this program to go on from.</exception>
    /// <exception cref="IOException">The disk does not answer, which says nothing of the snapshot.</exception>
    internal Snapshot? Open(string run, int version, CommittedSnapshot committed, string specHash)
    {
        var folder = PathOf(run, version, committed.Name);
        try
        {
            if (ManifestOf(run, version, committed) is not { } manifest) return null;
            if (Snapshot.Read(manifest) is not { } snapshot || snapshot.SpecHash != specHash) throw Foreign(run, folder);
            return snapshot is { Parts.IsDefaultOrEmpty: false }
                && snapshot.Rounds.All(segment => segment.IsIntact(FolderOf(run, version)))
                && snapshot.Parts.All(part => SnapshotFile.Verify(folder, part)) ? snapshot : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The checkpoint '{folder}' cannot be read ({error.Message.TrimEnd('.')}); mend that, and 'flowgrain runs resume {run}' goes on from it.", error);
        }
    }

    /// <summary>What the checkpoints of all runs take.</summary>
    internal long Bytes() => Directory.Exists(storage.Value.Runs)
        ? new DirectoryInfo(storage.Value.Runs).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true }).Sum(LengthOf)
        : 0;

    /// <summary>Whether a snapshot is there and undamaged. Reads all of it.</summary>
    internal bool IsIntact(string run, int version, CommittedSnapshot committed) =>
        ReadManifest(run, version, committed) is { } snapshot && Open(run, version, committed, snapshot.SpecHash) is not null;

    /// <summary>Removes a snapshot; false where it is gone already.</summary>
    internal bool Remove(string run, int version, string name)
    {
        try
        {
            Directory.Delete(PathOf(run, version, name), recursive: true);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
    }

    /// <summary>The folder of a version.</summary>
    internal string FolderOf(string run, int version) => Path.Combine(storage.Value.Runs, run, $"{version}");

    /// <summary>The folder of a snapshot.</summary>
    internal string PathOf(string run, int version, string name) => Path.Combine(FolderOf(run, version), name);

    /// <summary>Removes a folder of <see cref="Begin"/> that will not be completed.</summary>
    internal static void Abandon(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    /// <summary>
    /// Removes every snapshot but those named, and what a crash left half written; of this epoch and earlier ones: who was halted
    /// and wakes knows nothing of what its successor has made.
    /// </summary>
    internal void Keep(string run, int version, Epoch epoch, IEnumerable<CommittedSnapshot> kept)
    {
        var names = kept.Select(snapshot => snapshot.Name).ToHashSet();
        foreach (var folder in UpTo(epoch, run, version, "*").Where(folder => !names.Contains(Path.GetFileName(folder)))) Directory.Delete(folder, recursive: true);
    }

    /// <summary>The newest epoch that has left something in a run's folder, in any of its versions; 0 where none has.</summary>
    internal long NewestEpoch(string run) => Path.Combine(storage.Value.Runs, run) is var folder && Directory.Exists(folder)
        ? Directory.EnumerateDirectories(folder).SelectMany(version => Directory.EnumerateFileSystemEntries(version)).Select(path => EpochOf(Path.GetFileName(path))).DefaultIfEmpty().Max()
        : 0;

    /// <summary>Removes every snapshot of a run.</summary>
    internal void Delete(string run)
    {
        var folder = Path.Combine(storage.Value.Runs, run);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private List<string> UpTo(Epoch epoch, string run, int version, string pattern) =>
        [.. Directory.EnumerateDirectories(FolderOf(run, version), pattern).Where(folder => EpochOf(Path.GetFileName(folder)) <= epoch.Number)];

    /// <summary>The epoch in the name of a snapshot or of a record of rounds, behind <c>.e</c>; 0 where there is none.</summary>
    private static long EpochOf(string name) =>
        EpochInName().Match(name) is { Success: true } match ? long.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("\\.e([0-9]{1,18})(?=[-.]|$)")]
    private static partial Regex EpochInName();

    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0; // an older one that has just given way
        }
    }

    private static void Seal(string folder, string target, byte[] manifest)
    {
        try
        {
            Durable.WriteFile(Path.Combine(folder, Manifest), manifest);
            if (Directory.Exists(target)) Directory.Delete(target, recursive: true); // of a commit that never reached the journal
            Durable.MoveFolder(folder, target);
        }
        catch
        {
            Abandon(folder);
            throw;
        }
    }

    private static BadInputException Foreign(string run, string folder) => new(
        $"The checkpoint '{folder}' is of another version of FlowGrain, or of another flow than this one makes of run '{run}'; go on with the version of FlowGrain that wrote it, or train under another --name.");

    private Snapshot? ReadManifest(string run, int version, CommittedSnapshot committed) => ManifestOf(run, version, committed) is { } manifest ? Snapshot.Read(manifest) : null;

    /// <summary>The bytes that the journal vouches for; null where they are not there.</summary>
    private byte[]? ManifestOf(string run, int version, CommittedSnapshot committed)
    {
        try
        {
            var bytes = File.ReadAllBytes(Path.Combine(PathOf(run, version, committed.Name), Manifest));
            return Convert.ToHexStringLower(SHA256.HashData(bytes)) == committed.Sha256 ? bytes : null;
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static string Name(long round, Epoch epoch) => $"r{round:00000000}.e{epoch.Number}";
}
