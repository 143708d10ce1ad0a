using System.Globalization;
using System.Text;

namespace FlowGrain.Data;

/// <summary>Rows as lines of comma-separated text; numbers in the shortest form that reads back to the same bits, carried cells as they came.</summary>
public sealed class CsvText(IReadOnlyList<WrittenColumn> columns)
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;
    private readonly StringBuilder _text = new();
    private readonly int _numbers = columns.Count(column => column.Carried is null);

    /// <summary>The line with the names.</summary>
    public string Header { get; } = string.Join(',', columns.Select(column => Quoted(column.Name))) + "\n";

    /// <summary>A line a row.</summary>
    public string Lines(ReadOnlySpan<double> rows, ReadOnlySpan<TextCells> cells = default)
    {
        _text.Clear();
        for (var row = 0; row < rows.Length / _numbers; row++)
        {
            for (var i = 0; i < _numbers; i++) Add(rows[row * _numbers + i], i);
            foreach (var column in cells) Add(column, row);
            _text[^1] = '\n';
        }

        return _text.ToString();
    }

    private void Add(double value, int column)
    {
        if (columns[column].Levels is not null) _text.Append(Quoted(columns[column].Level(value) ?? "")).Append(',');
        else if (columns[column].IsDate) _text.Append(DateText.Of(value, columns[column].IsWhole)).Append(',');
        else if (columns[column].IsOptional && double.IsNaN(value)) _text.Append(',');
        else if (columns[column].IsSingle) _text.Append(Culture, $"{(float)value},");
        else _text.Append(Culture, $"{value},");
    }

    // An empty cell is one that is missing, so that of a text without letters has quotes.
    private void Add(TextCells cells, int row)
    {
        if (!cells.IsMissing(row)) _text.Append(cells[row] is [_, ..] cell ? Quoted(Encoding.UTF8.GetString(cell)) : "\"\"");
        _text.Append(',');
    }

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
}
