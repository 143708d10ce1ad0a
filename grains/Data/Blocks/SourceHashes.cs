using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FlowGrain.Storage;

namespace FlowGrain.Data;

/// <summary>SHA-256 of source files, remembered by path, size and time of modification.</summary>
internal sealed class SourceHashes(string folder, TimeProvider clock)
{
    // A file changed twice within the grain of its file system's clock would look unchanged: such a young one is not remembered.
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(2);

    /// <summary>The hashes of all files that a path names, as they are now.</summary>
    internal SourceFiles Of(string path, CancellationToken cancellation) => new([.. SourceFiles.Paths(path).Select(file => OfFile(file, cancellation))]);

    private SourceRecord OfFile(string path, CancellationToken cancellation)
    {
        var file = new FileInfo(RealPath.Of(path)); // of a link, size and time are its own
        var record = RecordPath(file.FullName);
        if (Recall(record) is { } known && known.Path == file.FullName && known.Describes(file)) return known;

        var hashed = new SourceRecord(file.FullName, file.Length, file.LastWriteTimeUtc.Ticks, Hash(file.FullName, cancellation));
        if (clock.GetUtcNow().UtcDateTime - file.LastWriteTimeUtc > Young) Remember(record, hashed);
        return hashed;
    }

    private string RecordPath(string path) =>
        Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..32] + ".json");

    private static SourceRecord? Recall(string record)
    {
        try
        {
            return File.Exists(record) ? JsonSerializer.Deserialize(File.ReadAllBytes(record), DataJson.Default.SourceRecord) : null;
        }
        catch (JsonException)
        {
            return null; // a damaged note costs one hash, nothing else
        }
    }

    private void Remember(string record, SourceRecord hashed)
    {
        Durable.CreateFolder(folder);
        WholeFile.Write(record, JsonSerializer.SerializeToUtf8Bytes(hashed, DataJson.Default.SourceRecord));
    }

    private static string Hash(string path, CancellationToken cancellation)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 18];
        while (file.Read(buffer) is > 0 and var read)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
