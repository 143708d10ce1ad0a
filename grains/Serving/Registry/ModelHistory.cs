using System.Collections.Immutable;
using System.Text.Json;
using FlowGrain.Storage;

namespace FlowGrain.Serving;

/// <summary>
/// history.ndjson beside the versions of a model: every change of its aliases, a line each, oldest first. Lines are only ever
/// added, each on disk before the change counts; a line that is not whole counts for nothing. Who adds one holds history.lock, so
/// that a reader never waits for a writer: a request must not fail for a change that is being made.
/// </summary>
/// <param name="folder">The model's folder.</param>
/// <param name="clock">Times the waiting for another process that writes.</param>
internal sealed class ModelHistory(string folder, TimeProvider clock)
{
    private const string FileName = "history.ndjson";
    private const string LockName = "history.lock";
    private const byte LineEnd = (byte)'\n';
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private const int Attempts = 250; // 5 s; a change is one short write

    private string File => Path.Combine(folder, FileName);

    /// <summary>What tells one state of it from another: it only grows.</summary>
    internal long Length => new FileInfo(File) is { Exists: true } file ? file.Length : 0;

    /// <summary>Every change, oldest first.</summary>
    /// <exception cref="InvalidDataException">A line is none.</exception>
    internal ImmutableArray<RegistryChange> Read()
    {
        if (!System.IO.File.Exists(File)) return [];
        using var file = new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return Changes(file);
    }

    /// <summary>Adds a change that what is there asks for; with null, nothing.</summary>
    /// <param name="change">Given every change so far; no other process adds one meanwhile.</param>
    /// <param name="cancellation">Ends the waiting for another process.</param>
    internal async Task Append(Func<ImmutableArray<RegistryChange>, RegistryChange?> change, CancellationToken cancellation)
    {
        Durable.CreateFolder(folder);
        await using var held = await Held(cancellation);
        await using var file = new FileStream(File, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        if (change(Changes(file)) is not { } added) return;
        file.Position = End(file);
        file.SetLength(file.Position); // without what a crash left of a line
        file.Write(JsonSerializer.SerializeToUtf8Bytes(added, Json.Compact));
        file.WriteByte(LineEnd);
        file.Flush(flushToDisk: true);
        Durable.SyncFolder(folder);
    }

    private static ImmutableArray<RegistryChange> Changes(FileStream file)
    {
        var bytes = new byte[End(file)];
        file.Position = 0;
        file.ReadExactly(bytes);
        var changes = ImmutableArray.CreateBuilder<RegistryChange>();
        var rest = bytes.AsSpan();
        for (int end; (end = rest.IndexOf(LineEnd)) >= 0; rest = rest[(end + 1)..]) changes.Add(Change(rest[..end], changes.Count + 1));
        return changes.ToImmutable();
    }

    private static RegistryChange Change(ReadOnlySpan<byte> line, int number)
    {
        try
        {
            return Json.Value<RegistryChange>(line);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"line {number} of {FileName} is damaged", error);
        }
    }

    /// <summary>Where its last whole line ends.</summary>
    private static long End(FileStream file)
    {
        for (var end = file.Length; end > 0; end--)
        {
            file.Position = end - 1;
            if (file.ReadByte() == LineEnd) return end;
        }

        return 0;
    }

    private async Task<FileStream> Held(CancellationToken cancellation)
    {
        var path = Path.Combine(folder, LockName);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < Attempts && System.IO.File.Exists(path))
            {
                await Task.Delay(Pause, clock, cancellation);
            }
        }
    }
}
