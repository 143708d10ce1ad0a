using System.CommandLine;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Data;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain data show</c>.</summary>
internal static class DataShowCommand
{
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
        if (dataset.DroppedRows > 0) cli.Print($"{Figures.Of(dataset.DroppedRows, "row")} with a missing or non-finite value {(dataset.DroppedRows == 1 ? "was" : "were")} left out.");
        if (!dataset.NeededBy.IsEmpty) cli.PrintWords($"Needed by {string.Join(", ", dataset.NeededBy)}.");
        var table = new TextTable(TextColumn.Text("column"), new(""), TextColumn.Number("mean"), TextColumn.Number("deviation"), TextColumn.Number("min"), TextColumn.Number("median"), TextColumn.Number("max"), TextColumn.Number("distinct"), TextColumn.Number("missing", leaves: 1));
        foreach (var (column, use) in dataset.Columns.Select(column => (column, "")).Concat(dataset.Context.Select(column => (column, "context"))))
            table.Add(Line(column, use));
        cli.Print(table);
    }
    private static string[] Line(ColumnStatistics column, string use)
    {
        var (counts, isNumber) = ((string[])[column.Distinct is { } distinct ? Figures.Count(distinct) : "", Figures.Count(column.Missing)], column.Levels.IsEmpty);
        return isNumber
            ? [column.Name, use, Figures.Value(column.Mean), Figures.Value(column.Deviation), Figures.Value(column.Min), Figures.Value(column.Median), Figures.Value(column.Max), .. counts]
            : [column.Name, use == "" ? "category" : $"{use}, category", "", "", "", "", "", .. counts];
    }
}
