using System.CommandLine;
using System.CommandLine.Parsing;
using FlowGrain.Cli.Completion;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Cli.Training;
using FlowGrain.Training;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain runs wait</c>: for scripts, which branch on the exit code.</summary>
internal static class RunWaitCommand
{
    private static readonly RunPhase[] Ends = [RunPhase.Finished, RunPhase.Stopped, RunPhase.Failed];

    internal static Command Create(Cli cli)
    {
        var run = NamedRun.Argument(cli);
        var end = EndOption();
        var timeout = Durations.Option("--timeout", "Give up after this time. [default: never]");
        var command = new CliCommand(
            "wait",
            "Wait until a run has ended: exit code 0 when it ended as asked, 1 when it ended otherwise or the time is over.",
            "runs wait mine --timeout 10m",
            "runs wait mine --for stopped") { run, end, timeout };
        command.SetAction((parsed, interrupted) => Wait(cli.Open(parsed), parsed.GetRequiredValue(run), parsed.GetValue(end) ?? RunPhase.Finished, parsed.GetValue(timeout), interrupted));
        return command;
    }

    private static async Task<int> Wait(Invocation cli, string run, RunPhase end, TimeSpan? timeout, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        await KnownRun.Versions(cli, connection.Cluster, run, interrupted);
        var last = await connection.Cluster.Progress(run, interrupted);
        using var late = new CancellationTokenSource(timeout ?? Timeout.InfiniteTimeSpan, cli.Host.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, interrupted);
        try
        {
            if (!last.Phase.IsAtRest()) await foreach (var progress in connection.Cluster.WatchRun(run, either.Token)) last = progress;
        }
        catch (OperationCanceledException) when (!interrupted.IsCancellationRequested)
        {
            throw new FailedException($"{run} is still {Words.Of(last.Phase)} after {Figures.Duration(timeout!.Value.TotalSeconds)}, {ProgressFigures.Steps(last)}; wait longer with --timeout.");
        }

        return last.Phase == end ? cli.Answer(last, () => cli.Print(ProgressFigures.End(last))) : throw OtherEnd(last, end);
    }

    private static FailedException OtherEnd(RunProgress last, RunPhase end) =>
        new($"{last.Run} is {Words.Of(last.Phase)} and not {Words.Of(end)}, {ProgressFigures.Steps(last)}{(last.Failure is { } failure ? $": {failure}" : ".")}");

    private static Option<RunPhase?> EndOption() => new Option<RunPhase?>("--for")
    {
        Description = "How the run should end. [default: finished]",
        HelpName = string.Join("|", Ends.Select(Words.Of)),
        CustomParser = End,
    }.Offering(Ends.Select(Words.Of));

    private static RunPhase? End(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Array.FindIndex(Ends, end => Words.Of(end) == text) is >= 0 and var at) return Ends[at];
        result.AddError($"--for is {text}{Nearest.Hint(text, Ends.Select(Words.Of), "; give finished, stopped or failed.")}");
        return null;
    }
}
