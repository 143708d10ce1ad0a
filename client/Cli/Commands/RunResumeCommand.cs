using System.CommandLine;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Training;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain runs resume</c>.</summary>
internal static class RunResumeCommand
{
    internal static Command Create(Cli cli)
    {
        var run = NamedRun.Argument(cli);
        var acceptClass = new Option<bool>("--accept-class") { Description = "Go on in this machine's device class where the run was begun in another; its record then says from which round on." };
        var command = new CliCommand(
            "resume",
            "Go on with a run where it stopped, and see it through as train does.",
            "runs resume mine",
            "runs resume mine --accept-class") { run, acceptClass };
        command.SetAction((parsed, interrupted) => Resume(cli.Open(parsed), parsed.GetRequiredValue(run), parsed.GetValue(acceptClass), interrupted));
        return command;
    }

    private static async Task<int> Resume(Invocation cli, string run, bool acceptClass, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        await KnownRun.Versions(cli, connection.Cluster, run, interrupted);
        var result = await new TrainingSession(cli, connection.Cluster).Resume(run, acceptClass, interrupted);
        return cli.Answer(result, () => TrainingSummary.Print(cli, result, "this command"));
    }
}
