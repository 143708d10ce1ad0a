using System.Globalization;
using System.Text;

namespace FlowGrain.Cli.Output;

/// <summary>Rows as lines of comma-separated text under a header.</summary>
internal sealed class CsvRows : IRowSink
{
    private readonly int _width;
    private readonly StringBuilder _lines = new();
    private readonly TextWriter _writer;
    private readonly AtomicFile? _file;

    internal CsvRows(TextWriter writer, IReadOnlyList<string> columns, AtomicFile? file = null)
    {
        (_writer, _file, _width) = (writer, file, columns.Count);
        _lines.AppendJoin(',', columns.Select(Quoted)).Append('\n');
    }

    internal static CsvRows InFile(string path, IReadOnlyList<string> columns)
    {
        var file = AtomicFile.Create(path);
        return new(new StreamWriter(file.Stream, leaveOpen: true), columns, file);
    }

    /// <inheritdoc />
    public async Task Write(ReadOnlyMemory<double> rows, CancellationToken cancellation)
    {
        Format(rows.Span);
        await Drain(cancellation);
    }

    /// <inheritdoc />
    public async Task Complete(CancellationToken cancellation)
    {
        await Drain(cancellation);
        await _writer.FlushAsync(cancellation);
        if (_file is not null) await _file.Commit(cancellation);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _file?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Format(ReadOnlySpan<double> rows)
    {
        for (var i = 0; i < rows.Length; i++)
            _lines.Append(CultureInfo.InvariantCulture, $"{rows[i]:R}").Append((i + 1) % _width == 0 ? '\n' : ',');
    }

    private async Task Drain(CancellationToken cancellation)
    {
        await _writer.WriteAsync(_lines, cancellation);
        _lines.Clear();
    }

    private static string Quoted(string name) =>
        name.AsSpan().IndexOfAny(",\"\n\r") < 0 ? name : $"\"{name.Replace("\"", "\"\"")}\"";
}
