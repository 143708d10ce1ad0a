using System.Collections.Immutable;
using System.CommandLine;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Cli.Training;
using FlowGrain.Training;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain runs show</c>.</summary>
internal static class RunShowCommand
{
    private const int CurveWidth = 60;

    internal static Command Create(Cli cli)
    {
        var run = NamedRun.Argument();
        var command = new CliCommand("show", "Where a run is, and what it came to.", "runs show mine", "runs show mine --json") { run };
        command.SetAction((parsed, interrupted) => Show(cli.Open(parsed), parsed.GetRequiredValue(run), interrupted));
        return command;
    }

    private static async Task<int> Show(Invocation cli, string run, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        var progress = await KnownRun.Require(connection.Cluster, run, interrupted);
        var result = await connection.Cluster.Result(run, interrupted);
        var history = await connection.Cluster.History(run, interrupted);
        var document = JsonLine.Fields(progress);
        document["result"] = result is null ? null : JsonLine.Fields(result);
        return cli.Answer(document, () => Print(cli, progress, result, history));
    }

    private static void Print(Invocation cli, RunProgress progress, RunResult? result, ImmutableArray<LossPoint> history)
    {
        cli.Print($"{progress.Run}@{progress.Version}: {Words.Of(progress.Phase)}, {ProgressFigures.Steps(progress)}");
        if (result is null) cli.Print(ProgressFigures.Losses(progress));
        if (progress.Failure is { } failure) cli.Print(failure);
        if (!history.IsEmpty) cli.Print(Sparkline.Draw([.. history.Select(point => point.TrainNats)], CurveWidth));
        if (result is null) return;
        cli.Print("");
        foreach (var line in TrainingSummary.Lines(result)) cli.Print(line);
    }
}
