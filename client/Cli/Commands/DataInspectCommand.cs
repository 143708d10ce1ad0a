using System.CommandLine;
using System.Globalization;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Client;
using FlowGrain.Data;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain data inspect</c>.</summary>
internal static class DataInspectCommand
{
    private const double ExactIntegers = 1e15;
    private const long MostCounted = 100_000; // distinct values; beyond, the inspection estimates

    internal static Command Create(Cli cli)
    {
        var (data, selected) = (DataFile.Argument(cli), new SelectedData("What training would do with rows that have a missing or non-finite value: leave them out, learn from the values that they have, or refuse the file."));
        var command = new CliCommand(
            "inspect",
            "Every column of a file, or those that are chosen, and what training would refuse and why.",
            "data inspect your.csv",
            "data inspect your.csv --columns a,b --context c --missing drop",
            "data inspect your.csv --json") { data };
        foreach (var option in selected.Choosing.Append(selected.Missing)) command.Options.Add(option);
        command.Rules.Add(selected.EitherColumnOrContext);
        command.SetAction((parsed, interrupted) => Inspect(cli.Open(parsed), selected.Of(parsed, parsed.GetRequiredValue(data)), interrupted));
        return command;
    }

    private static async Task<int> Inspect(Invocation cli, DataSelection selection, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        var located = selection with { Path = await UploadLine.Locate(cli, connection.Cluster, selection.Path, interrupted) };
        var inspection = await Inspect(cli, connection.Cluster, located, interrupted);
        return cli.Answer(inspection, () => Print(cli, selection.Path, inspection));
    }

    private static async Task<DataInspection> Inspect(Invocation cli, ICluster cluster, DataSelection selection, CancellationToken interrupted)
    {
        using var reading = ReadingLine.For(cli, "reading", selection.Path);
        return await cluster.Inspect(selection, reading, interrupted);
    }

    private static void Print(Invocation cli, string data, DataInspection inspection)
    {
        cli.Print($"{Path.GetFileName(data)}: {Figures.Of(inspection.Rows, "row")}, {Figures.Of(inspection.Columns.Length, "column")}");
        cli.Print(Table(inspection));
        cli.Print("In training:");
        foreach (var column in inspection.Columns) cli.PrintWords($"  {column.Name}: {column.Use}{(column.Note is { } note ? $"; {note}" : "")}.");
        if (inspection.LeftOut > 0) cli.Print($"{Figures.Of(inspection.LeftOut, "row")} with gaps {(inspection.LeftOut == 1 ? "is" : "are")} left out.");
        if (inspection.Refused.IsEmpty) cli.Print("Nothing is refused.");
        foreach (var reason in inspection.Refused) cli.PrintWords($"Training refuses: {reason}");
    }

    private static TextTable Table(DataInspection inspection)
    {
        var table = new TextTable(
            TextColumn.Text("column"), new("type"), TextColumn.Number("min"), new("min to max", Leaves: 2), TextColumn.Number("max"), TextColumn.Number("missing"), TextColumn.Number("distinct", leaves: 1));
        foreach (var column in inspection.Columns)
            table.Add(column.Name, column.Type, Bound(column, column.Min), column.Histogram ?? "", Bound(column, column.Max), Figures.Count(column.Missing), Distinct(column.Distinct));
        return table;
    }

    // Whole numbers in full, for they may be identifiers or times; and without separators, for they may be years.
    private static string Bound(ColumnInspection column, double? bound) => column.Type == "date" && bound is { } days && DateText.Of(Math.Floor(days), isWhole: true) is { } date ? date
        : column.Type == "integer" && Math.Abs(bound ?? 0) < ExactIntegers
        ? string.Create(CultureInfo.InvariantCulture, $"{bound:0}")
        : Figures.Value(bound);

    private static string Distinct(long distinct) => (distinct > MostCounted ? "~" : "") + Figures.Count(distinct);
}
