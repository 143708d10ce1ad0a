using System.Runtime.InteropServices;

namespace FlowGrain.Storage;

/// <summary>Makes names durable: a rename is only on disk once its folder is.</summary>
internal static partial class Durable
{
    private const int ReadOnlyFolder = 0x10000; // O_RDONLY | O_DIRECTORY on Linux

    /// <summary>Writes a file and waits until it is on disk.</summary>
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

    /// <summary>Waits until the names in a folder are on disk; systems that cannot are left to their own devices.</summary>
    internal static void SyncFolder(string folder)
    {
        if (!OperatingSystem.IsLinux()) return;
        var handle = OpenFolder(folder, ReadOnlyFolder);
        if (handle < 0) return;
        _ = Sync(handle);
        _ = Close(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFolder(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
