using System.CommandLine;
using FlowGrain.Cli.Options;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain runs delete</c>.</summary>
internal static class RunDeleteCommand
{
    internal static Command Create(Cli cli)
    {
        var run = RunName.Argument();
        var command = new CliCommand("delete", "Remove a run's journal and checkpoints; its models stay.", "runs delete mine") { run };
        command.SetAction((parsed, interrupted) => Delete(cli.Open(parsed), parsed.GetRequiredValue(run), interrupted));
        return command;
    }

    private static async Task<int> Delete(Invocation cli, string run, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        await KnownRun.Require(connection.Cluster, run, interrupted);
        await connection.Cluster.DeleteRun(run, interrupted);
        return cli.Answer(new { Deleted = run }, () => cli.Print($"Run {run} is deleted; its models stay."));
    }
}
