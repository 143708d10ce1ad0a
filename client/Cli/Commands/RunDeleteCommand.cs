using System.CommandLine;
using FlowGrain.Cli.Options;
using FlowGrain.Client;
using FlowGrain.Training;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain runs delete</c>.</summary>
internal static class RunDeleteCommand
{
    internal static Command Create(Cli cli)
    {
        var run = NamedRun.Argument();
        var command = new CliCommand("delete", "Remove a run's journal and checkpoints; its models stay.", "runs delete mine") { run };
        command.SetAction((parsed, interrupted) => Delete(cli.Open(parsed), parsed.GetRequiredValue(run), interrupted));
        return command;
    }

    private static async Task<int> Delete(Invocation cli, string run, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        await KnownRun.Require(connection.Cluster, run, interrupted);
        await Delete(connection.Cluster, run, interrupted);
        return cli.Answer(new { Deleted = run }, () => cli.Print($"Run {run} is deleted; its models stay."));
    }

    private static async Task Delete(ICluster cluster, string run, CancellationToken interrupted)
    {
        try
        {
            await cluster.DeleteRun(run, interrupted);
        }
        catch (RunConflictException conflict)
        {
            throw TrainedElsewhere.Advise(conflict);
        }
    }
}
