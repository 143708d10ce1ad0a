using System.CommandLine;
using FlowGrain.Cli.Options;
using FlowGrain.Serving;
using FlowGrain.Training;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain models import</c>.</summary>
internal static class ModelImportCommand
{
    internal static Command Create(Cli cli)
    {
        var archive = ArchiveFile.Argument();
        var name = new Option<string>("--name") { Description = "The model that it becomes a version of; without it the one that it was exported from.", HelpName = "NAME", CustomParser = Value.ReadBy(RunName.Require) };
        var command = new CliCommand("import", "Take an exported version as the next one of a model, once it has passed its self-test.", "models import mine-2.zip", "models import mine-2.zip --name theirs") { archive, name };
        command.SetAction((parsed, interrupted) => Import(cli.Open(parsed), parsed.GetRequiredValue(archive), parsed.GetValue(name), interrupted));
        return command;
    }

    private static async Task<int> Import(Invocation cli, string archive, string? name, CancellationToken interrupted)
    {
        var known = ModelArchive.NameIn(archive); // what is no archive is not sent anywhere
        await using var connection = await cli.Connect(interrupted);
        var model = await connection.Cluster.ImportModel(name ?? known, archive, interrupted);
        return cli.Answer(model, () =>
        {
            cli.Print($"{model.Name}@{model.Version} is there, with weights {model.WeightsSha256[..12]}… as exported.");
            if (model.Aliases.IsEmpty) cli.Print($"Have it answer requests: {cli.Suggest($"models alias {model.Name}@{model.Version} champion")}");
        });
    }
}
