using System.Collections.Immutable;
using System.CommandLine;
using FlowGrain.Cli.Output;
using FlowGrain.Data;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain data list</c>.</summary>
internal static class DataListCommand
{
    private const int ShownLetters = 12; // of an id: enough to tell data sets apart

    internal static Command Create(Cli cli)
    {
        var command = new CliCommand("list", "The imported data sets, which later jobs over the same file and columns share.", "data list", "data list --json");
        command.SetAction((parsed, interrupted) => List(cli.Open(parsed), interrupted));
        return command;
    }

    private static async Task<int> List(Invocation cli, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        var datasets = await connection.Cluster.Datasets(interrupted);
        return cli.Answer(new { datasets }, () =>
        {
            if (datasets.IsEmpty) cli.Print($"No data sets yet {cli.Place}: training imports them.");
            else Print(cli, datasets);
        });
    }

    private static void Print(Invocation cli, ImmutableArray<DatasetListing> datasets)
    {
        var table = new TextTable(
            TextColumn.Text("data set"), TextColumn.Text("source"), TextColumn.Number("rows"), TextColumn.Number("columns"), TextColumn.Number("size"), TextColumn.Text("needed by"));
        foreach (var dataset in datasets)
        {
            table.Add(
                dataset.Id[..ShownLetters], dataset.Damage is null ? dataset.Source : "(damaged)", Figures.Count(dataset.Rows), Figures.Count(dataset.Columns.Length + dataset.Context.Length),
                Figures.Bytes(dataset.Bytes), string.Join(", ", dataset.NeededBy));
        }

        cli.Print(table);
        cli.Print($"{Figures.Bytes(datasets.Sum(dataset => dataset.Bytes))} in all; {cli.Suggest("data delete ID")} removes one.");
    }
}
