using FlowGrain.Storage;
using FlowGrain.Training;

namespace FlowGrain.Data;

/// <summary>Keeps a data set while it is read, on whichever silo of a shared volume, and notes when it was used last: many read it together, who removes it is alone.</summary>
/// <remarks>
/// A mapped block outlives its name on a disk of this machine, but not on one across the network, where its reader would be killed
/// at the next page. The system gives back what a dead process held.
/// </remarks>
internal sealed class DatasetUse : IDisposable
{
    /// <summary>The file in a data set's folder: its lock says who uses it, its time when somebody last did.</summary>
    internal const string FileName = "use";

    private readonly FileStream _file;

    private DatasetUse(string folder, FileStream file) => (Id, _file) = (Path.GetFileName(folder), file);

    /// <summary>The data set.</summary>
    internal string Id { get; }

    /// <summary>To read; null where it is not there, or just being removed.</summary>
    internal static DatasetUse? ToRead(string folder, TimeProvider clock)
    {
        if (Open(folder, FileAccess.Read, FileShare.ReadWrite) is not { } use) return null;
        if (Directory.Exists(folder)) return use.Noted(clock);
        use.Dispose(); // it was removed between the two
        return null;
    }

    /// <summary>To remove; null where it is not there, or somebody reads it.</summary>
    internal static DatasetUse? ToRemove(string folder) => Open(folder, FileAccess.ReadWrite, FileShare.None);

    /// <summary>When a data set was used last, UTC; one of an earlier version of the program when it was imported.</summary>
    internal static DateTime Last(string folder) =>
        File.GetLastWriteTimeUtc(Path.Combine(folder, FileName) is var use && File.Exists(use) ? use : Path.Combine(folder, Manifest.FileName));

    /// <summary>Removes the data set that is held alone.</summary>
    internal void Remove(string folder)
    {
        if (OperatingSystem.IsWindows()) Dispose(); // it renames no folder with an open file
        StagingFolder.Remove(folder);
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();

    private static DatasetUse? Open(string folder, FileAccess access, FileShare share)
    {
        try
        {
            return new(folder, new FileStream(Path.Combine(folder, FileName), FileMode.OpenOrCreate, access, share, bufferSize: 0));
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        catch (IOException held) when (LockFault.IsHeld(held))
        {
            return null;
        }
    }

    private DatasetUse Noted(TimeProvider clock)
    {
        try
        {
            File.SetLastWriteTimeUtc(_file.SafeFileHandle, clock.GetUtcNow().UtcDateTime);
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's file: it looks older than it is, and gives way sooner.
        }

        return this;
    }
}
