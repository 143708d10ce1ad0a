using System.Text;
using FlowGrain.Storage;

namespace FlowGrain.Data;

/// <summary>A table as a csv file.</summary>
internal sealed class CsvTable : ITableWriter
{
    private readonly WholeFile _file;
    private readonly CsvText _text;

    internal CsvTable(WholeFile file, IReadOnlyList<WrittenColumn> columns)
    {
        (_file, _text) = (file, new CsvText(columns));
        Append(_text.Header);
    }

    public void Write(ReadOnlySpan<double> rows, ReadOnlySpan<TextCells> cells = default) => Append(_text.Lines(rows, cells));

    public void Complete() => _file.Commit();

    public void Dispose() => _file.Dispose();

    private void Append(string text) => _file.Append(Encoding.UTF8.GetBytes(text));
}
