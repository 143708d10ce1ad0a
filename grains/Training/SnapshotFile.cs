using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FlowGrain.Storage;

namespace FlowGrain.Training;

/// <summary>A range's state as a file: a magic number, the optimizer's steps, the range, and little-endian float32 numbers.</summary>
internal static class SnapshotFile
{
    private const ulong Magic = 0x324E415247574C46; // "FLWGRAN2"
    private const int HeaderBytes = 4 * sizeof(ulong);
    private const int PieceNumbers = 1 << 26;

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

    /// <summary>Reads the state of a range from files that <see cref="Verify"/> has accepted, however their run had cut the parameters.</summary>
    /// <param name="paths">The files of a snapshot.</param>
    /// <param name="range">The range.</param>
    /// <exception cref="InvalidDataException">They are no such files, or do not cover the range.</exception>
    internal static RangeSnapshot Read(IEnumerable<string> paths, ParameterRange range)
    {
        var (values, steps, covered) = (Array.Empty<float>(), 0L, 0);
        foreach (var path in paths)
        {
            using var file = File.OpenRead(path);
            var (part, optimizerSteps) = Header(path, file);
            var (first, end) = (Math.Max(range.Offset, part.Offset), Math.Min(range.Offset + range.Length, part.Offset + part.Length));
            if (first >= end) continue;
            var buffers = (int)((file.Length - HeaderBytes) / sizeof(float) / part.Length);
            if (values.Length == 0) values = new float[buffers * range.Length];
            for (var buffer = 0; buffer < buffers; buffer++)
            {
                file.Position = HeaderBytes + ((long)buffer * part.Length + first - part.Offset) * sizeof(float);
                foreach (var piece in Pieces(values, buffer * range.Length + first - range.Offset, end - first)) file.ReadExactly(MemoryMarshal.AsBytes(piece.Span));
            }

            (steps, covered) = (optimizerSteps, covered + end - first);
        }

        return covered == range.Length
            ? new RangeSnapshot(range, values, steps)
            : throw new InvalidDataException($"The snapshot holds {covered} of {range.Length} parameters from {range.Offset} on.");
    }

    /// <summary>Whether the file is there with the size and hash that its manifest says.</summary>
    internal static bool Verify(string folder, SnapshotPart part)
    {
        try
        {
            using var file = File.OpenRead(Path.Combine(folder, part.File));
            return file.Length == part.Bytes && Convert.ToHexStringLower(SHA256.HashData(file)) == part.Sha256;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    private static (ParameterRange Range, long OptimizerSteps) Header(string path, FileStream file)
    {
        Span<ulong> header = stackalloc ulong[HeaderBytes / sizeof(ulong)];
        if (file.ReadAtLeast(MemoryMarshal.AsBytes(header), HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || header[0] != Magic)
            throw new InvalidDataException($"'{Path.GetFileName(path)}' is not a snapshot of this program.");
        return (new ParameterRange((int)header[2], (int)header[3]), (long)header[1]);
    }

    /// <summary>Numbers in pieces of which each has no more bytes than a span can hold.</summary>
    private static IEnumerable<Memory<float>> Pieces(float[] values, int first, int count)
    {
        for (var done = 0; done < count; done += PieceNumbers) yield return values.AsMemory(first + done, Math.Min(PieceNumbers, count - done));
    }

    private static string FolderOfRun(string path) => Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(path)))!; // the snapshot's own has no name yet

    private static SnapshotPart WriteAll(string path, RangeSnapshot snapshot)
    {
        Span<ulong> header = [Magic, (ulong)snapshot.OptimizerSteps, (ulong)snapshot.Range.Offset, (ulong)snapshot.Range.Length];
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Write(MemoryMarshal.AsBytes(header));
        foreach (var piece in Pieces(snapshot.Values, 0, snapshot.Values.Length)) Write(MemoryMarshal.AsBytes(piece.Span));
        file.Flush(flushToDisk: true);
        return new SnapshotPart(Path.GetFileName(path), file.Length, Convert.ToHexStringLower(hash.GetHashAndReset()));

        void Write(ReadOnlySpan<byte> bytes)
        {
            file.Write(bytes);
            hash.AppendData(bytes);
        }
    }
}
