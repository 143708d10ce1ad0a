using System.CommandLine;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Client;
using FlowGrain.Training;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain runs pause</c> and <c>runs cancel</c>, which both keep the checkpoint: whether a run ever goes on is up to its user.</summary>
internal static class RunStopCommands
{
    internal static Command Pause(Cli cli) => Create(cli, "pause", "Stop a run after its running round; 'runs resume' goes on with it.");

    internal static Command Cancel(Cli cli) => Create(cli, "cancel", "Stop a run after its running round and keep the checkpoint.");

    private static CliCommand Create(Cli cli, string name, string description)
    {
        var run = NamedRun.Argument(cli);
        var command = new CliCommand(name, description, $"runs {name} mine") { run };
        command.SetAction((parsed, interrupted) => Stop(cli.Open(parsed), parsed.GetRequiredValue(run), interrupted));
        return command;
    }

    private static async Task<int> Stop(Invocation cli, string run, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        await KnownRun.Versions(cli, connection.Cluster, run, interrupted);
        var before = await connection.Cluster.Progress(run, interrupted);
        var after = await Stop(cli, connection.Cluster, run, interrupted); // whatever was seen before: only the grain knows who trains it
        return cli.Answer(after, () => cli.Print(Sentence(cli, before, after)));
    }

    private static string Sentence(Invocation cli, RunProgress before, RunProgress after) => before.Phase.IsAtRest()
        ? $"{after.Run} is not training: {Words.Of(after.Phase)} at step {Figures.Count(after.Step)}."
        : $"{after.Run} {Words.Of(after.Phase)} at step {Figures.Count(after.Step)}; {cli.Suggest($"runs resume {after.Run}")} goes on.";

    private static async Task<RunProgress> Stop(Invocation cli, ICluster cluster, string run, CancellationToken interrupted)
    {
        try
        {
            return await cluster.StopRun(run, interrupted);
        }
        catch (RunConflictException conflict)
        {
            throw TrainedElsewhere.Advise(cli, run, conflict);
        }
    }
}
