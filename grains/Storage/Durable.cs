using System.Runtime.InteropServices;

namespace FlowGrain.Storage;

/// <summary>Makes files and names durable: a rename is only on disk once its folder is.</summary>
/// <remarks>Every method throws an <see cref="IOException"/> when the system cannot say that the change is on disk.</remarks>
public static partial class Durable
{
    private const int ReadOnly = 0x80000;   // O_RDONLY | O_CLOEXEC on Linux
    private const int InvalidArgument = 22; // EINVAL: the file system has no way to sync a folder

    /// <summary>Makes a folder and those above it that are not there yet, each durably.</summary>
    public static void CreateFolder(string path)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Directory.Exists(folder)) return;
        var parent = Path.GetDirectoryName(folder)!;
        CreateFolder(parent);
        Directory.CreateDirectory(folder);
        SyncFolder(parent);
    }

    /// <summary>Writes a file and waits until it is on disk; the name is durable with the folder's next sync.</summary>
    internal static void WriteFile(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Gives a finished folder its name, durably.</summary>
    internal static void MoveFolder(string temporary, string final)
    {
        SyncFolder(temporary);
        Directory.Move(temporary, final);
        SyncFolder(Path.GetDirectoryName(final)!);
    }

    /// <summary>Gives a finished file its name, durably, in place of what had it.</summary>
    internal static void MoveFile(string temporary, string final)
    {
        File.Move(temporary, final, overwrite: true);
        SyncFolder(Path.GetDirectoryName(Path.GetFullPath(final))!);
    }

    /// <summary>Waits until the names in a folder are on disk; systems and file systems that have no way to are left to their own devices.</summary>
    internal static void SyncFolder(string folder)
    {
        if (!OperatingSystem.IsLinux()) return;
        var handle = Open(folder, ReadOnly);
        if (handle < 0) throw Failure(folder, Marshal.GetLastPInvokeError());
        var error = Sync(handle) < 0 ? Marshal.GetLastPInvokeError() : 0;
        _ = Close(handle); // nothing was written through it that closing could lose
        if (error is not (0 or InvalidArgument)) throw Failure(folder, error);
    }

    private static IOException Failure(string folder, int error) => new(
        $"What was written in '{folder}' may not be on disk ({Marshal.GetPInvokeErrorMessage(error)}); check that disk and run the same command again.", error);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
