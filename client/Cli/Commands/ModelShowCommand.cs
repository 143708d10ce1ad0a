using System.CommandLine;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Client;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain models show</c>.</summary>
internal static class ModelShowCommand
{
    internal static Command Create(Cli cli)
    {
        var model = ModelName.Argument(cli);
        var command = new CliCommand("show", "A model's card.", "models show mine", "models show mine@2 --json") { model };
        command.SetAction((parsed, interrupted) => Show(cli.Open(parsed), parsed.GetRequiredValue(model), interrupted));
        return command;
    }

    private static async Task<int> Show(Invocation cli, ModelReference reference, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        var model = await connection.Cluster.Describe(reference, interrupted);
        return cli.Answer(model, () => Print(cli, model));
    }

    private static void Print(Invocation cli, ModelDescription model)
    {
        cli.PrintWords($"{model.Name}@{model.Version}: {model.Preset}, {Figures.Count(model.Parameters)} parameters{(model.Aliases.IsEmpty ? "" : $"; {string.Join(", ", model.Aliases)}")}");
        cli.PrintWords($"Density of  {ModelColumns.All(model)}");
        foreach (var (column, range) in model.Context.Zip(model.ContextRanges))
            cli.PrintWords($"Given       {column}{Extent(model, column, range)}");
        foreach (var line in Likelihoods.Lines(model.TrainNll, model.ValidationNll, model.GaussianNll)) cli.PrintWords(line);
        if (!double.IsNaN(model.ValidationNll)) cli.PrintWords($"Round trip  {Figures.Value(model.RoundTripError)} deviations at most");
        if (model.Abilities is { } abilities) cli.PrintWords($"Answers     log-density {abilities.LogDensity}; density {abilities.Density}, samples {abilities.Samples}");
        cli.PrintWords($"Weights     {model.WeightsSha256} (sha256)");
        cli.PrintWords($"Folder      {model.Path}");
        cli.Print(Ranges(model));
    }

    private static string Extent(ModelDescription model, string column, ColumnRange range) => model.Levels.TryGetValue(column, out var levels) ? $", one of {Figures.Of(levels.Length, "level")}"
        : double.IsFinite(range.Low) ? $", in nearly all training rows from {ColumnValue.Bound(model, column, range, range.Low)} to {ColumnValue.Bound(model, column, range, range.High)}" : "";

    private static TextTable Ranges(ModelDescription model)
    {
        var table = new TextTable(TextColumn.Text("column"), TextColumn.Number("0.1% of rows below"), TextColumn.Number("0.1% of rows above"));
        foreach (var (column, range) in model.Columns.Zip(model.Ranges)) table.Add(column, ColumnValue.Bound(model, column, range, range.Low), ColumnValue.Bound(model, column, range, range.High));
        return table;
    }
}
