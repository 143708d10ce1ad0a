using Spectre.Console;

namespace FlowGrain.Cli.Output;

/// <summary>Tables as all commands show them.</summary>
internal static class Tables
{
    /// <summary>A table with a header line and no frame, so that words can be cut out of it.</summary>
    internal static Table New(params (string Title, bool IsNumber)[] columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var (title, isNumber) in columns)
            table.AddColumn(new TableColumn(Markup.Escape(title)) { Alignment = isNumber ? Justify.Right : Justify.Left });
        return table;
    }

    /// <summary>A row of plain texts.</summary>
    internal static void Add(this Table table, params string[] cells) => table.AddRow([.. cells.Select(Markup.Escape)]);
}
