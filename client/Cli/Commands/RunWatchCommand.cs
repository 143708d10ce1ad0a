using System.CommandLine;
using System.Runtime.CompilerServices;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Cli.Training;
using FlowGrain.Client;
using FlowGrain.Training;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain runs watch</c>.</summary>
internal static class RunWatchCommand
{
    internal static Command Create(Cli cli)
    {
        var run = NamedRun.Argument();
        var command = new CliCommand(
            "watch",
            "Follow a run until it finishes, stops or fails; Ctrl+C leaves it alone. With --json an object at every change.",
            "runs watch mine",
            "runs watch mine --json") { run };
        command.SetAction((parsed, interrupted) => Watch(cli.Open(parsed), parsed.GetRequiredValue(run), interrupted));
        return command;
    }

    private static async Task<int> Watch(Invocation cli, string run, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        await KnownRun.Require(connection.Cluster, run, interrupted);
        var last = await ProgressDisplays.For(cli).Follow(Updates(cli, connection.Cluster, run, interrupted));
        if (!cli.Json) cli.Print($"{last.Run}@{last.Version}: {Words.Of(last.Phase)}, {ProgressFigures.Steps(last)}, best validation {Figures.Nats(last.BestValidationNats)}");
        return last.Phase == RunPhase.Failed ? ExitCode.Failed : ExitCode.Ok;
    }

    private static async IAsyncEnumerable<RunProgress> Updates(Invocation cli, ICluster cluster, string run, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var progress in cluster.WatchRun(run, cancellation).WithCancellation(cancellation))
        {
            if (cli.Json) cli.PrintJson(progress);
            yield return progress;
        }
    }
}
