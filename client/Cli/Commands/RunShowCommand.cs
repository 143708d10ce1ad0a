using System.CommandLine;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Cli.Training;
using FlowGrain.Client;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain runs show</c>.</summary>
internal static class RunShowCommand
{
    private const int CurveWidth = 60;

    internal static Command Create(Cli cli)
    {
        var run = RunVersion.Argument(cli);
        var command = new CliCommand("show", "Where a run is, and what it came to.", "runs show mine", "runs show mine@1", "runs show mine --json") { run };
        command.SetAction((parsed, interrupted) => Show(cli.Open(parsed), parsed.GetRequiredValue(run), interrupted));
        return command;
    }

    private static async Task<int> Show(Invocation cli, ModelReference reference, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        var account = await RunAccount.Of(cli, connection.Cluster, reference, interrupted);
        var document = JsonLine.Fields(account.Progress);
        document["result"] = account.Result is { } result ? JsonLine.Fields(result) : null;
        return cli.Answer(document, () => Print(cli, account));
    }

    private static void Print(Invocation cli, RunAccount account)
    {
        var (progress, result) = (account.Progress, account.Result);
        cli.PrintWords($"{progress.Run}@{progress.Version}: {Words.Of(progress.Phase)}, {ProgressFigures.Steps(progress)}");
        if (result is null) cli.PrintWords(ProgressFigures.Losses(progress));
        if (result is not null && EarlyEnd.Of(progress, result, patience: null) is { } early) cli.PrintWords(early);
        if (ProgressFigures.News(progress) is { } news) cli.PrintWords(news);
        if (progress.AtRisk is { } risk) cli.PrintWords(risk);
        if (progress.OverQuota is { } over) cli.PrintWords(over);
        if (progress.Failure is { } failure) cli.PrintWords(failure);
        if (account.ModelLost is { } lost) cli.PrintWords(lost);
        if (!account.Losses.IsEmpty) cli.Print(Sparkline.Draw([.. account.Losses.Select(point => point.TrainNats)], CurveWidth));
        if (result is null) return;
        cli.Print("");
        TrainingSummary.Print(cli, result, "the command that finished it");
    }
}
