using System.Collections.Immutable;
using System.Text.Json;
using FlowGrain.Cluster;
using FlowGrain.Storage;

namespace FlowGrain.Training;

/// <summary>
/// The log of a run on disk: <c>runs/NAME/log/</c> with files of lines of JSON. Each file is written by one process alone and named by
/// the time of its first line, so that silos need not agree on anything, and the oldest is the first by name.
/// </summary>
/// <param name="storage">Where runs lie.</param>
/// <param name="run">The run.</param>
internal sealed class RunLogFolder(StorageOptions storage, string run)
{
    /// <summary>Files that are kept: with <see cref="FileBytes"/> 16 MiB, some 60,000 lines.</summary>
    internal const int MostFiles = 256;

    /// <summary>A file of this size is followed by the next one.</summary>
    internal const int FileBytes = 64 << 10;

    private const int PieceLines = 5000; // about a megabyte, small enough for a message
    private const string Extension = ".jsonl";

    private readonly string _path = Path.Combine(storage.Runs, run, "log");

    /// <summary>A name for the next file; the oldest give way to it.</summary>
    internal string Begin(DateTimeOffset now)
    {
        Durable.CreateFolder(_path);
        foreach (var oldest in Files().SkipLast(MostFiles - 1)) oldest.Delete();
        return $"{Guid.CreateVersion7(now):N}{Extension}";
    }

    /// <summary>Appends whole lines, at once.</summary>
    internal void Append(string file, ReadOnlySpan<byte> lines)
    {
        using var stream = new FileStream(Path.Combine(_path, file), FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        stream.Write(lines);
    }

    /// <summary>The next lines by their times, some thousands at most.</summary>
    /// <inheritdoc cref="IRunLogGrain.Read"/>
    internal ImmutableArray<RunLogLine> Read(ImmutableDictionary<string, long> read)
    {
        if (!Directory.Exists(_path)) throw Unknown();
        var next = new PriorityQueue<IEnumerator<RunLogLine>, DateTimeOffset>();
        foreach (var file in Files().Where(file => file.Length > read.GetValueOrDefault(file.Name))) Enqueue(next, Lines(file, read.GetValueOrDefault(file.Name)).GetEnumerator());
        var lines = ImmutableArray.CreateBuilder<RunLogLine>();
        while (lines.Count < PieceLines && next.TryDequeue(out var file, out _))
        {
            lines.Add(file.Current);
            Enqueue(next, file);
        }

        return lines.ToImmutable();
    }

    private static void Enqueue(PriorityQueue<IEnumerator<RunLogLine>, DateTimeOffset> next, IEnumerator<RunLogLine> file)
    {
        if (file.MoveNext()) next.Enqueue(file, file.Current.Time);
    }

    private static IEnumerable<RunLogLine> Lines(FileInfo file, long from)
    {
        var bytes = Rest(file, from);
        for (var (begin, length) = (0, Length(bytes, 0)); length >= 0; begin += length + 1, length = Length(bytes, begin))
            if (Line(bytes.AsSpan(begin, length)) is { } line) yield return line with { File = file.Name, End = from + begin + length + 1 };
    }

    private static int Length(byte[] bytes, int begin) => bytes.AsSpan(begin).IndexOf((byte)'\n'); // below 0 where the rest is being written

    private static byte[] Rest(FileInfo file, long from)
    {
        try
        {
            using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            stream.Position = from;
            var rest = new byte[stream.Length - from];
            return rest[..stream.ReadAtLeast(rest, rest.Length, throwOnEndOfStream: false)];
        }
        catch (FileNotFoundException)
        {
            return []; // it has just given way
        }
    }

    private static RunLogLine? Line(ReadOnlySpan<byte> json)
    {
        try
        {
            return Json.Value<RunLogLine>(json);
        }
        catch (JsonException)
        {
            return null; // a crash of the machine has torn it
        }
    }

    private IEnumerable<FileInfo> Files() => new DirectoryInfo(_path).EnumerateFiles($"*{Extension}").OrderBy(file => file.Name, StringComparer.Ordinal);

    private NotFoundException Unknown()
    {
        var runs = Directory.Exists(storage.Runs) ? Directory.EnumerateDirectories(storage.Runs).Select(folder => Path.GetFileName(folder)).ToList() : [];
        return new($"Nothing is kept of what was said of a run '{run}'{Nearest.Hint(run, runs, "; 'flowgrain runs' lists those that there are.")}");
    }
}
