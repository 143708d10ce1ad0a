using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FlowGrain.Storage;

namespace FlowGrain.Training;

/// <summary>The file of a run's log that this process writes, and after it the next one.</summary>
internal sealed class RunLogFile(RunLogFolder folder, TimeProvider clock)
{
    private static readonly JsonSerializerOptions Readable = new(Json.Compact) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }; // for grep

    private string? _name;
    private long _bytes;

    /// <summary>Appends lines.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    internal void Append(IEnumerable<RunLogLine> lines)
    {
        if (_name is null || _bytes >= RunLogFolder.FileBytes) (_name, _bytes) = (folder.Begin(clock.GetUtcNow()), 0);
        var bytes = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => $"{Text(line)}\n")));
        folder.Append(_name, bytes);
        _bytes += bytes.Length;
    }

    private static string Text(RunLogLine line) => JsonSerializer.Serialize(new { line.Time, line.Silo, line.Level, line.Event, line.Message, line.Error, line.TraceId }, Readable);
}
