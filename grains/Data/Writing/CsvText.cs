using System.Globalization;
using System.Text;

namespace FlowGrain.Data;

/// <summary>Rows as lines of comma-separated text; numbers in the shortest form that reads back to the same bits.</summary>
public sealed class CsvText(IReadOnlyList<WrittenColumn> columns)
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;
    private readonly StringBuilder _text = new();

    /// <summary>The line with the names.</summary>
    public string Header { get; } = string.Join(',', columns.Select(column => Quoted(column.Name))) + "\n";

    /// <summary>A line a row.</summary>
    public string Lines(ReadOnlySpan<double> rows)
    {
        _text.Clear();
        for (var i = 0; i < rows.Length; i++) Add(rows[i], i % columns.Count);
        return _text.ToString();
    }

    private void Add(double value, int column)
    {
        if (columns[column].IsSingle) _text.Append(Culture, $"{(float)value}");
        else _text.Append(Culture, $"{value}");
        _text.Append(column == columns.Count - 1 ? '\n' : ',');
    }

    private static string Quoted(string name) =>
        name.AsSpan().IndexOfAny(",\"\n\r") < 0 ? name : $"\"{name.Replace("\"", "\"\"")}\"";
}
