using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FlowGrain.Storage;

namespace FlowGrain.Training;

/// <summary>A range's state as a file: a magic number, the optimizer's steps, and little-endian float32 numbers.</summary>
internal static class SnapshotFile
{
    private const ulong Magic = 0x314E415247574C46; // "FLWGRAN1"
    private const int HeaderBytes = 2 * sizeof(ulong);

    /// <summary>Writes the file into the folder of a snapshot and waits until it is on disk.</summary>
    /// <exception cref="DiskFullException">There is no room for it; nothing of it was left behind.</exception>
    internal static SnapshotPart Write(string path, RangeSnapshot snapshot) => DiskSpace.Use(FolderOfRun(path), () =>
    {
        try
        {
            return WriteAll(path, snapshot);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    });

    /// <summary>Reads a file that <see cref="Verify"/> has accepted.</summary>
    /// <exception cref="InvalidDataException">It is not such a file.</exception>
    internal static RangeSnapshot Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < HeaderBytes || BitConverter.ToUInt64(bytes) != Magic)
            throw new InvalidDataException($"'{Path.GetFileName(path)}' is not a snapshot of this program.");
        return new RangeSnapshot(MemoryMarshal.Cast<byte, float>(bytes.AsSpan(HeaderBytes)).ToArray(), (long)BitConverter.ToUInt64(bytes, sizeof(ulong)));
    }

    /// <summary>Whether the file is there with the size and hash that its manifest says.</summary>
    internal static bool Verify(string folder, SnapshotPart part)
    {
        var file = new FileInfo(Path.Combine(folder, part.File));
        if (!file.Exists || file.Length != part.Bytes) return false;
        using var stream = file.OpenRead();
        return Convert.ToHexStringLower(SHA256.HashData(stream)) == part.Sha256;
    }

    private static string FolderOfRun(string path) => Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(path)))!; // the snapshot's own has no name yet

    private static SnapshotPart WriteAll(string path, RangeSnapshot snapshot)
    {
        Span<ulong> header = [Magic, (ulong)snapshot.OptimizerSteps];
        var values = MemoryMarshal.AsBytes<float>(snapshot.Values);
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Write(MemoryMarshal.AsBytes(header));
        Write(values);
        file.Flush(flushToDisk: true);
        return new SnapshotPart(Path.GetFileName(path), file.Length, Convert.ToHexStringLower(hash.GetHashAndReset()));

        void Write(ReadOnlySpan<byte> bytes)
        {
            file.Write(bytes);
            hash.AppendData(bytes);
        }
    }
}
