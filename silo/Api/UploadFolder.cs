using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using FlowGrain.Api;
using FlowGrain.Storage;

namespace FlowGrain.Silo.Api;

/// <summary>
/// The folder of an upload: <c>files/</c> in their full size, <c>upload.json</c>, which says what they consist of, and <c>have</c>,
/// a byte for every block that is there. Its blocks come in any order, through any silo, and what has come stays.
/// </summary>
internal sealed class UploadFolder(string folder)
{
    private const string OrderName = "upload.json";
    private const string MarksName = "have";
    private const int NoRoom = unchecked((int)0x80131620); // COR_E_IO: the runtime gives a file that gets no room no number of its own

    /// <summary>Whether it is there.</summary>
    internal bool Exists => File.Exists(In(OrderName));

    /// <summary>Fills a new one: every file gets its room, so that a disk without it is found before a byte is sent.</summary>
    internal void Allocate(UploadPlan plan)
    {
        foreach (var file in plan.Order.Files) Allocate(PathOf(file.Path), file.Bytes);
        Note(plan, mark: 0);
    }

    /// <summary>Fills a new one with its only file, which came whole.</summary>
    internal void Adopt(UploadPlan plan, string received)
    {
        Durable.CreateFolder(In("files"));
        Durable.MoveFile(received, PathOf(plan.Order.Path));
        Note(plan, mark: 1);
    }

    /// <summary>What was announced; null where nothing was.</summary>
    internal UploadPlan? Plan() => Exists ? UploadPlan.Of(JsonSerializer.Deserialize<UploadOrder>(File.ReadAllBytes(In(OrderName)), ApiJson.Options)!) : null;

    /// <summary>The blocks that have not come yet.</summary>
    internal ImmutableArray<UploadBlock> Missing(UploadPlan plan)
    {
        var marks = File.ReadAllBytes(In(MarksName));
        return [.. plan.Blocks.Where(block => marks[block.Index] == 0)];
    }

    /// <summary>Writes a block whose hash was compared; it counts once it is on disk.</summary>
    internal void Write(UploadBlock block, ReadOnlySpan<byte> content)
    {
        using (var file = File.OpenHandle(PathOf(block.File), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            RandomAccess.Write(file, content, block.Offset);
            RandomAccess.FlushToDisk(file);
        }

        using var marks = File.OpenHandle(In(MarksName), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(marks, [1], block.Index);
    }

    /// <summary>Reads a block; false where it is not what its hash says.</summary>
    internal bool TryRead(UploadBlock block, Span<byte> content)
    {
        if (!File.Exists(PathOf(block.File))) return false;
        using var file = File.OpenHandle(PathOf(block.File), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return RandomAccess.Read(file, content, block.Offset) == content.Length && Convert.ToHexStringLower(SHA256.HashData(content)) == block.Sha256;
    }

    /// <summary>Where a file of it lies, or what is read of it.</summary>
    internal string PathOf(string name) => Path.Combine(folder, "files", name);

    private void Note(UploadPlan plan, byte mark)
    {
        Durable.WriteFile(In(MarksName), [.. Enumerable.Repeat(mark, plan.Blocks.Length)]);
        Durable.WriteFile(In(OrderName), JsonSerializer.SerializeToUtf8Bytes(plan.Order, ApiJson.Options));
    }

    private string In(string name) => Path.Combine(folder, name);

    private void Allocate(string path, long bytes)
    {
        Durable.CreateFolder(Path.GetDirectoryName(path)!);
        try
        {
            using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, PreallocationSize = bytes, BufferSize = 0 });
            file.SetLength(bytes);
        }
        catch (IOException error) when (error.HResult == NoRoom)
        {
            throw new DiskFullException(Path.GetDirectoryName(folder)!); // its own will be gone
        }

        Durable.SyncFolder(Path.GetDirectoryName(path)!);
    }
}
