using System.CommandLine;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Client;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain models export</c>.</summary>
internal static class ModelExportCommand
{
    internal static Command Create(Cli cli)
    {
        var model = ModelName.Argument(cli);
        var output = OutputFile.Option("The archive to write; without it NAME-VERSION.zip in this folder.", [".zip"]);
        var command = new CliCommand("export", "Write a version into one file, for another home or cluster.", "models export mine", "models export mine@champion --out mine.zip") { model, output };
        command.SetAction((parsed, interrupted) => Export(cli.Open(parsed), parsed.GetRequiredValue(model), parsed.GetValue(output), interrupted));
        return command;
    }

    private static async Task<int> Export(Invocation cli, ModelReference reference, string? output, CancellationToken interrupted)
    {
        cli.RequireOutput(output);
        await using var connection = await cli.Connect(interrupted);
        var model = await connection.Cluster.Describe(reference, interrupted);
        var path = output ?? Path.GetFullPath($"{model.Name}-{model.Version}.zip");
        cli.RequireOutput(path);
        await connection.Cluster.ExportModel(new ModelReference(model.Name, model.Version), path, interrupted);
        return cli.Answer(new { Model = model.Name, model.Version, Bytes = new FileInfo(path).Length, Out = path }, () =>
        {
            cli.Print($"{model.Name}@{model.Version} in {Figures.Bytes(new FileInfo(path).Length)}");
            cli.Print(path);
        });
    }
}
