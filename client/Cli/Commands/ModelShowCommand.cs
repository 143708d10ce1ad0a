using System.CommandLine;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Client;
using FlowGrain.Serving;
using Spectre.Console;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain models show</c>.</summary>
internal static class ModelShowCommand
{
    internal static Command Create(Cli cli)
    {
        var model = ModelName.Argument();
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
        cli.Print($"{model.Name}@{model.Version}: {model.Preset}, {Figures.Count(model.Parameters)} parameters");
        cli.Print($"Density of  {ModelColumns.Of(model)}");
        foreach (var line in Likelihoods.Lines(model.TrainNll, model.ValidationNll, model.GaussianNll)) cli.Print(line);
        cli.Print($"Round trip  {Figures.Value(model.RoundTripError)} deviations at most");
        cli.Print($"Weights     sha256 {model.WeightsSha256}");
        cli.Print($"Folder      {model.Path}");
        cli.Screen.Write(Ranges(model));
    }

    private static Table Ranges(ModelDescription model)
    {
        var table = Tables.New(("column", false), ("0.1% of rows below", true), ("0.1% of rows above", true));
        foreach (var (column, range) in model.Columns.Zip(model.Ranges)) table.Add(column, Figures.Value(range.Low), Figures.Value(range.High));
        return table;
    }
}
