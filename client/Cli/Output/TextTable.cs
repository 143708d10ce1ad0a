using Spectre.Console;
using Spectre.Console.Rendering;

namespace FlowGrain.Cli.Output;

/// <summary>
/// A table with a header line and no frame, so that words can be cut out of it. Where a screen is too narrow, columns leave
/// and texts are cut as <see cref="TextColumn"/> says; a cell is always one line.
/// </summary>
internal sealed class TextTable(params IReadOnlyList<TextColumn> columns)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row of plain texts.</summary>
    internal void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>What a line of so many characters has room for.</summary>
    internal TableFit Fit(int room)
    {
        int[] cells = [.. Enumerable.Range(0, columns.Count).Select(Width)];
        int[] natural = [.. cells.Zip(columns, (width, column) => Math.Max(width, column.Title.GetCellWidth()))];
        int[] least = [.. columns.Select((column, i) => Math.Max(column.IsNumber ? cells[i] : 0, Math.Min(natural[i], column.Least)))];
        return TableFit.Of([.. columns.Select(column => column.Leaves)], natural, least, room);
    }

    /// <summary>The titles of the columns that left.</summary>
    internal IEnumerable<string> Missing(TableFit fit) => columns.Where((_, column) => !fit.Shown.Contains(column)).Select(column => column.Title);

    /// <summary>The table as it fits.</summary>
    internal IRenderable Draw(TableFit fit)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in fit.Shown)
            table.AddColumn(new TableColumn(Cell(columns[column].Title, column)) { Alignment = columns[column].IsNumber ? Justify.Right : Justify.Left, NoWrap = true });
        foreach (var row in _rows) table.AddRow([.. fit.Shown.Select(column => Cell(row[column], column))]);
        return table;

        string Cell(string text, int column) => Markup.Escape(Fitting.Cut(text, fit.Widths[column]));
    }

    private int Width(int column) => _rows.Select(row => row[column].GetCellWidth()).DefaultIfEmpty().Max();
}
