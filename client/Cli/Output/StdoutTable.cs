using FlowGrain.Data;

namespace FlowGrain.Cli.Output;

/// <summary>A table as csv on stdout. Its header comes with the first rows: where there are none, for a fault, nothing is written.</summary>
internal sealed class StdoutTable(TextWriter stdout, IReadOnlyList<WrittenColumn> columns) : ITableWriter
{
    private readonly CsvText _text = new(columns);
    private bool _begun;

    public void Write(ReadOnlySpan<double> rows, ReadOnlySpan<TextCells> cells = default)
    {
        if (!_begun) stdout.Write(_text.Header);
        _begun = true;
        stdout.Write(_text.Lines(rows));
    }

    public void Complete() => stdout.Flush();

    public void Dispose()
    {
    }
}
