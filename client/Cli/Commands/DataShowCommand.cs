using System.CommandLine;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Data;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain data show</c>.</summary>
internal static class DataShowCommand
{
    private const int ShownRows = 5; // of those left out; --json has a thousand

    internal static Command Create(Cli cli)
    {
        var id = DatasetName.Argument();
        var command = new CliCommand("show", "One imported data set, with the statistics of its columns.", "data show 3f9a", "data show 3f9a --json") { id };
        command.SetAction((parsed, interrupted) => Show(cli.Open(parsed), parsed.GetRequiredValue(id), interrupted));
        return command;
    }

    private static async Task<int> Show(Invocation cli, string id, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        var dataset = await connection.Cluster.Dataset(id, interrupted);
        return cli.Answer(dataset, () => Print(cli, dataset));
    }

    private static void Print(Invocation cli, DatasetListing dataset)
    {
        if (dataset.Damage is { } damage)
        {
            cli.PrintWords(damage);
            return;
        }

        cli.Print($"{dataset.Id}: {Figures.Of(dataset.Rows, "row")} of {dataset.Source}, {Figures.Bytes(dataset.Bytes)}, imported {dataset.Imported:yyyy-MM-dd HH:mm} UTC");
        if (dataset.Selection is { } selection && SelectionWords.Of(selection) is { Length: > 0 } words) cli.PrintWords($"Selected: {words}.");
        if (dataset.DroppedRows > 0) cli.PrintWords(LeftOut(dataset));
        if (!dataset.NeededBy.IsEmpty) cli.PrintWords($"Needed by {string.Join(", ", dataset.NeededBy)}.");
        var table = new TextTable(TextColumn.Text("column"), new(""), TextColumn.Number("mean"), TextColumn.Number("deviation"), TextColumn.Number("min"), TextColumn.Number("median"), TextColumn.Number("max"), TextColumn.Number("distinct"), TextColumn.Number("missing", leaves: 1));
        foreach (var (column, use) in dataset.Columns.Select(column => (column, "")).Concat(dataset.Context.Select(column => (column, "context"))))
            table.Add(Line(column, use));
        cli.Print(table);
    }

    private static string LeftOut(DatasetListing dataset)
    {
        var shown = dataset.LeftOut.Take(ShownRows).Select(row => $"row {row.Row}{(row.File is { } file ? $" of {file}" : "")} ({row.Column}: {row.Why})").ToList();
        var (more, was) = (dataset.DroppedRows - shown.Count, dataset.DroppedRows == 1 ? "was" : "were");
        return $"{Figures.Of(dataset.DroppedRows, "row")} with a missing or non-finite value {was} left out{(shown.Count == 0 ? "" : $": {string.Join(", ", shown)}")}{(shown.Count > 0 && more > 0 ? $" and {Figures.Count(more)} more; --json lists the first thousand" : "")}.";
    }

    // Of a date the day, of its deviation the number of them.
    private static string Figure(ColumnStatistics column, double? value) =>
        (column.IsDate && value is { } days ? DateText.Of(Math.Floor(days), isWhole: true) : null) ?? Figures.Value(value);

    private static string[] Line(ColumnStatistics column, string use)
    {
        var (counts, isNumber) = ((string[])[column.Distinct is { } distinct ? Figures.Count(distinct) : "", Figures.Count(column.Missing)], column.Levels.IsEmpty);
        return isNumber
            ? [column.Name, use, Figure(column, column.Mean), $"{Figures.Value(column.Deviation)}{(column.IsDate ? " days" : "")}", Figure(column, column.Min), Figure(column, column.Median), Figure(column, column.Max), .. counts]
            : [column.Name, use == "" ? "category" : $"{use}, category", "", "", "", "", "", .. counts];
    }
}
