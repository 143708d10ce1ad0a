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
        var run = NamedRun.Argument(cli);
        var command = new CliCommand("cancel", "Stop a run after its running round and keep the checkpoint.", "runs cancel mine") { run };
        command.SetAction((parsed, interrupted) => Cancel(cli.Open(parsed), parsed.GetRequiredValue(run), interrupted));
        return command;
    }

    private static async Task<int> Cancel(Invocation cli, string run, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        await KnownRun.Versions(cli, connection.Cluster, run, interrupted);
        var before = await connection.Cluster.Progress(run, interrupted);
        var after = await Stop(connection.Cluster, run, interrupted); // whatever was seen before: only the grain knows who trains it
        return cli.Answer(after, () => cli.Print(Sentence(before, after)));
    }

    private static string Sentence(RunProgress before, RunProgress after) => before.Phase.IsAtRest()
        ? $"{after.Run} is not training: {Words.Of(after.Phase)} at step {Figures.Count(after.Step)}."
        : $"{after.Run} {Words.Of(after.Phase)} at step {Figures.Count(after.Step)}; the same train command resumes it.";

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
