using System.CommandLine;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Training;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain runs logs</c>.</summary>
internal static class RunLogsCommand
{
    internal static Command Create(Cli cli)
    {
        var run = NamedRun.Argument(cli);
        var follow = new Option<bool>("--follow") { Description = "Go on until the run finishes, stops or fails; Ctrl+C leaves it alone." };
        var command = new CliCommand(
            "logs",
            "What was said of a run, on every silo. With --json an object a line.",
            "runs logs mine",
            "runs logs mine --follow") { run, follow };
        command.SetAction((parsed, interrupted) => Print(cli.Open(parsed), parsed.GetRequiredValue(run), parsed.GetValue(follow), interrupted));
        return command;
    }

    private static async Task<int> Print(Invocation cli, string run, bool follow, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        try
        {
            await foreach (var line in connection.Cluster.Log(run, follow, interrupted)) Print(cli, line);
            return ExitCode.Ok;
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            throw new InterruptedException($"{cli.Host.Interrupts.By} ended the reading alone{(follow ? $"; {run} goes on" : "")}.");
        }
    }

    private static void Print(Invocation cli, RunLogLine line)
    {
        if (cli.Json) cli.PrintJson(line);
        else cli.Print($"{line.Time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {Words.Of(line.Level)} {line.Silo} {line.Message}{(line.Error is { } error ? $": {error}" : "")}");
    }
}
