using FlowGrain.Data;

namespace FlowGrain.Cli.Output;

/// <summary>A table as csv on stdout.</summary>
internal sealed class StdoutTable : ITableWriter
{
    private readonly TextWriter _stdout;
    private readonly CsvText _text;

    internal StdoutTable(TextWriter stdout, IReadOnlyList<WrittenColumn> columns)
    {
        (_stdout, _text) = (stdout, new CsvText(columns));
        _stdout.Write(_text.Header);
    }

    public void Write(ReadOnlySpan<double> rows, ReadOnlySpan<TextCells> cells = default) => _stdout.Write(_text.Lines(rows));

    public void Complete() => _stdout.Flush();

    public void Dispose()
    {
    }
}
