using System.CommandLine;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Client;
using FlowGrain.Training;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain runs delete</c>.</summary>
internal static class RunDeleteCommand
{
    internal static Command Create(Cli cli)
    {
        var run = NamedRun.Argument(cli);
        var command = new CliCommand("delete", "Remove the journal and checkpoints of a run, of every version; its models stay.", "runs delete mine") { run };
        command.SetAction((parsed, interrupted) => Delete(cli.Open(parsed), parsed.GetRequiredValue(run), interrupted));
        return command;
    }

    private static async Task<int> Delete(Invocation cli, string run, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        var versions = await KnownRun.Versions(cli, connection.Cluster, run, interrupted);
        await Delete(cli, connection.Cluster, run, interrupted);
        return cli.Answer(new { Deleted = run, Versions = versions.Length }, () => cli.Print($"Run {run} is deleted with the journal and checkpoints of {Figures.Of(versions.Length, "version")}; its models stay."));
    }

    private static async Task Delete(Invocation cli, ICluster cluster, string run, CancellationToken interrupted)
    {
        try
        {
            await cluster.DeleteRun(run, interrupted);
        }
        catch (RunConflictException conflict)
        {
            throw TrainedElsewhere.Advise(cli, run, conflict);
        }
    }
}
