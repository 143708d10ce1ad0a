using System.Collections.Immutable;
using System.CommandLine;
using FlowGrain.Cli.Output;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain models</c>: the list, one model, the presets.</summary>
internal static class ModelsCommand
{
    internal static Command Create(Cli cli)
    {
        var command = new CliCommand("models", "List the models, or look after one.", "models", "models show mine", "models presets")
        {
            ModelShowCommand.Create(cli), ModelAliasCommand.Create(cli), ModelTrafficCommand.Create(cli), ModelExportCommand.Create(cli), ModelImportCommand.Create(cli), ModelDeleteCommand.Create(cli), PresetsCommand.Create(cli),
        };
        command.SetAction((parsed, interrupted) => List(cli.Open(parsed), interrupted));
        return command;
    }

    private static async Task<int> List(Invocation cli, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        var models = await connection.Cluster.Models(interrupted);
        return cli.Answer(new { models }, () =>
        {
            if (models.IsEmpty) cli.Print($"No models yet {cli.Place}: try {cli.Suggest("quickstart")}");
            else Print(cli, models);
        });
    }

    private static void Print(Invocation cli, ImmutableArray<ModelDescription> models)
    {
        cli.Print(Table(models));
        var unloaded = models.Where(model => model.IsUnloaded).Select(model => model.Name).Distinct().ToList();
        if (unloaded.Count > 0) cli.PrintWords($"Unloaded, and answering no requests: {string.Join(", ", unloaded)}.");
        foreach (var damage in models.Select(model => model.Damage).OfType<string>()) cli.PrintWords(damage);
    }

    /// <summary>Aliases have a column only where there are some.</summary>
    private static TextTable Table(ImmutableArray<ModelDescription> models)
    {
        var hasAliases = models.Any(model => !model.Aliases.IsEmpty);
        var table = new TextTable(
        [
            TextColumn.Text("model", least: 20), .. hasAliases ? (TextColumn[])[new("aliases", Leaves: 3)] : [], new("preset", Leaves: 2), TextColumn.Text("columns"),
            TextColumn.Number("validation"), TextColumn.Number("Gaussian"), TextColumn.Number("parameters", leaves: 1),
        ]);
        foreach (var model in models)
        {
            string[] aliases = hasAliases ? [string.Join(", ", model.Aliases)] : [];
            table.Add([
                $"{model.Name}@{model.Version}", .. aliases, model.Damage is null ? model.Preset : "(damaged)", ModelColumns.Few(model),
                Figures.Nats(model.ValidationNll), Figures.Nats(model.GaussianNll), model.Damage is null ? Figures.Count(model.Parameters) : "–",
            ]);
        }

        return table;
    }
}
