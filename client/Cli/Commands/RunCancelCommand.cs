using System.CommandLine;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Client;
using FlowGrain.Training;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain runs cancel</c>.</summary>
internal static class RunCancelCommand
{
    internal static Command Create(Cli cli)
    {
        var run = NamedRun.Argument();
        var command = new CliCommand("cancel", "Stop a run after its running round and keep the checkpoint.", "runs cancel mine") { run };
        command.SetAction((parsed, interrupted) => Cancel(cli.Open(parsed), parsed.GetRequiredValue(run), interrupted));
        return command;
    }

    private static async Task<int> Cancel(Invocation cli, string run, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        var before = await KnownRun.Require(connection.Cluster, run, interrupted);
        if (before.Phase.IsAtRest()) return cli.Answer(before, () => cli.Print($"{run} is not training: {Words.Of(before.Phase)} at step {Figures.Count(before.Step)}."));
        var after = await Stop(connection.Cluster, run, interrupted);
        return cli.Answer(after, () => cli.Print($"{run} {Words.Of(after.Phase)} at step {Figures.Count(after.Step)}; the same train command resumes it."));
    }

    private static async Task<RunProgress> Stop(ICluster cluster, string run, CancellationToken interrupted)
    {
        try
        {
            return await cluster.StopRun(run, interrupted);
        }
        catch (RunConflictException conflict)
        {
            throw TrainedElsewhere.Advise(conflict);
        }
    }
}
