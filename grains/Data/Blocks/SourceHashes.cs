using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FlowGrain.Cluster;
using FlowGrain.Storage;

namespace FlowGrain.Data;

/// <summary>SHA-256 of source files, remembered by path, size and time of modification.</summary>
internal sealed class SourceHashes(string folder, TimeProvider clock)
{
    // A file changed twice within the grain of its file system's clock would look unchanged: such a young one is not remembered.
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(2);

    /// <summary>The hashes of files, as these look now: at once where they are remembered, else from a thread of its own.</summary>
    internal Task<SourceFiles> Of(IEnumerable<string> paths, CancellationToken cancellation)
    {
        var files = paths.Select(Looked).ToList();
        return files.All(file => file.Remembered is not null)
            ? Task.FromResult(new SourceFiles([.. files.Select(file => file.Remembered!)]))
            : DedicatedThread.Once("flowgrain-hashing", () => new SourceFiles([.. files.Select(file => file.Remembered ?? Hashed(file.Now, cancellation))]));
    }

    private (SourceRecord Now, SourceRecord? Remembered) Looked(string path)
    {
        var file = new FileInfo(RealPath.Of(path)); // of a link, size and time are its own
        var remembered = Recall(RecordPath(file.FullName));
        return (new(file.FullName, file.Length, file.LastWriteTimeUtc.Ticks, Sha256: ""), remembered?.Path == file.FullName && remembered.Describes(file) ? remembered : null);
    }

    private SourceRecord Hashed(SourceRecord file, CancellationToken cancellation)
    {
        var hashed = file with { Sha256 = Hash(file.Path, cancellation) };
        if (clock.GetUtcNow().UtcDateTime - new DateTime(file.ModifiedTicks, DateTimeKind.Utc) > Young) Remember(RecordPath(file.Path), hashed);
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
