using System.CommandLine;
using FlowGrain.Cli.Options;
using FlowGrain.Client;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain models delete</c>.</summary>
internal static class ModelDeleteCommand
{
    internal static Command Create(Cli cli)
    {
        var model = ModelName.Argument(cli);
        var command = new CliCommand("delete", "Remove one version of a model, or all of them.", "models delete mine@1", "models delete mine") { model };
        command.SetAction((parsed, interrupted) => Delete(cli.Open(parsed), parsed.GetRequiredValue(model), interrupted));
        return command;
    }

    private static async Task<int> Delete(Invocation cli, ModelReference model, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        await connection.Cluster.DeleteModel(model, interrupted);
        var what = model.Version is null ? $"Every version of {model.Name}" : $"{model}";
        return cli.Answer(new { Deleted = $"{model}" }, () => cli.Print($"{what} is deleted."));
    }
}
