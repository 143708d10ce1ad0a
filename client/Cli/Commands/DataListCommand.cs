using System.CommandLine;
using FlowGrain.Api;
using FlowGrain.Cli.Output;

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
        var list = await connection.Cluster.Datasets(interrupted);
        return cli.Answer(list, () =>
        {
            if (list.Datasets.IsEmpty) cli.Print($"No data sets yet {cli.Place}: training imports them.");
            else Print(cli, list);
        });
    }

    private static void Print(Invocation cli, DatasetList list)
    {
        var table = new TextTable(
            TextColumn.Text("data set"), TextColumn.Text("source"), TextColumn.Number("rows"), TextColumn.Number("columns"), TextColumn.Number("size"), TextColumn.Text("needed by"), TextColumn.Text("selected"));
        foreach (var dataset in list.Datasets)
        {
            table.Add(
                dataset.Id[..ShownLetters], dataset.Damage is null ? dataset.Source : "(damaged)", Figures.Count(dataset.Rows), Figures.Count(dataset.Columns.Length + dataset.Context.Length),
                Figures.Bytes(dataset.Bytes), string.Join(", ", dataset.NeededBy), dataset.Selection is { } selection ? SelectionWords.Of(selection) : "");
        }

        cli.Print(table);
        var bound = list.Quota is { } quota ? $" of the {Figures.Bytes(quota)} that Storage:DataQuota gives" : "";
        cli.Print($"{Figures.Bytes(list.Bytes)} in all{bound}; {cli.Suggest("data delete ID")} removes one.");
    }
}
