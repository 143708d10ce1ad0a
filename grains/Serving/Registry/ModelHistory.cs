using System.Collections.Immutable;
using System.Text.Json;
using FlowGrain.Storage;

namespace FlowGrain.Serving;

/// <summary>
/// history.ndjson beside the versions of a model: every change of its aliases, a line each, oldest first. Lines are only ever
/// added, each on disk before the change counts; a line that a crash cut short counts for nothing.
/// </summary>
/// <param name="folder">The model's folder.</param>
/// <param name="clock">Times the waiting for another process that writes.</param>
internal sealed class ModelHistory(string folder, TimeProvider clock)
{
    private const string FileName = "history.ndjson";
    private const byte LineEnd = (byte)'\n';

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
    /// <param name="then">What follows a change that was added, before anybody else may add one.</param>
    /// <exception cref="DiskFullException">There is no room for it; nothing has changed.</exception>
    internal async Task Append(Func<ImmutableArray<RegistryChange>, RegistryChange?> change, CancellationToken cancellation, Action? then = null)
    {
        using var held = await RegistryLock.Take(folder, RegistryLock.History, clock, cancellation);
        DiskSpace.Use(folder, () => Append(change, then));
    }

    private void Append(Func<ImmutableArray<RegistryChange>, RegistryChange?> change, Action? then)
    {
        using var file = new FileStream(File, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        if (change(Changes(file)) is not { } added) return;
        file.Position = End(file);
        file.SetLength(file.Position); // without what a crash left of a line
        file.Write([.. JsonSerializer.SerializeToUtf8Bytes(added, Json.Compact), LineEnd]);
        file.Flush(flushToDisk: true);
        Durable.SyncFolder(folder);
        then?.Invoke();
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
}
