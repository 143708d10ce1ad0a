using System.CommandLine;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Client;
using FlowGrain.Training;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain verify</c>.</summary>
internal static class VerifyCommand
{
    internal static Command Create(Cli cli)
    {
        var run = RunVersion.Argument(cli);
        var rounds = ReplayedRounds.Option();
        var command = new CliCommand(
            "verify",
            "Replay the rounds of a finished run from its record, and see whether the same bits come out.",
            "verify mine",
            "verify mine@1 --rounds all --json") { run, rounds };
        command.SetAction((parsed, interrupted) => Verify(cli.Open(parsed), parsed.GetRequiredValue(run), parsed.Rounds(rounds), interrupted));
        return command;
    }

    private static async Task<int> Verify(Invocation cli, ModelReference run, long? rounds, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        var report = await Verify(cli, connection.Cluster, new VerificationPlan(run.Name, run.Version, rounds), interrupted);
        cli.Answer(report, () => Print(cli, report));
        return report.Equal ? ExitCode.Ok : ExitCode.Failed;
    }

    private static async Task<VerificationReport> Verify(Invocation cli, ICluster cluster, VerificationPlan plan, CancellationToken interrupted)
    {
        using var reading = ReadingLine.For(cli, "replaying", new ModelReference(plan.Model, plan.Version).ToString());
        return await cluster.Verify(plan, reading, interrupted);
    }

    private static void Print(Invocation cli, VerificationReport report)
    {
        var (name, replayed) = ($"{report.Model}@{report.Version}", Figures.Of(report.Rounds, "round"));
        if (report.Finding is { } finding) cli.PrintWords($"{replayed} of {name} replayed. {finding}");
        else if (report.Rounds == report.Recorded) cli.PrintWords($"All {replayed} of {name} replayed: the same bits, and so are the published weights.");
        else cli.PrintWords($"{replayed} of the {Figures.Count(report.Recorded)} of {name} replayed: the same bits. For the rest, and the published weights: {cli.Suggest($"verify {name} --rounds all")}");
    }
}
