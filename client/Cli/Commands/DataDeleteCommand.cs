using System.CommandLine;
using FlowGrain.Cli.Options;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain data delete</c>.</summary>
internal static class DataDeleteCommand
{
    internal static Command Create(Cli cli)
    {
        var id = DatasetName.Argument();
        var command = new CliCommand("delete", "Remove an imported data set; the file that it came from stays, and is imported again when it is needed.", "data delete 3f9a") { id };
        command.SetAction((parsed, interrupted) => Delete(cli.Open(parsed), parsed.GetRequiredValue(id), interrupted));
        return command;
    }

    private static async Task<int> Delete(Invocation cli, string id, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        var dataset = await connection.Cluster.Dataset(id, interrupted);
        await connection.Cluster.DeleteDataset(dataset.Id, interrupted);
        return cli.Answer(new { Deleted = dataset.Id }, () => cli.Print($"Data set {dataset.Id} is deleted."));
    }
}
