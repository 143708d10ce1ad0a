using System.CommandLine;
using FlowGrain.Cli.Doctor;
using FlowGrain.Cli.Output;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain doctor</c>.</summary>
internal static class DoctorCommand
{
    internal static Command Create(Cli cli)
    {
        var command = new CliCommand("doctor", "Check this machine, and say how to fix what is wrong.", "doctor", "doctor --json");
        command.SetAction((parsed, interrupted) => Examine(cli.Open(parsed), interrupted));
        return command;
    }

    private static async Task<int> Examine(Invocation cli, CancellationToken interrupted)
    {
        var examination = new Examination(cli.Host.Clock);
        var home = cli.Remote is null || cli.HasHome ? cli.Home.Path : null; // a cluster keeps nothing in the default one
        var all = cli.Host.Checks(home).Concat(cli.Remote is { } silo ? [new ClusterCheck(cli, silo).Run] : Array.Empty<Func<CancellationToken, Task<Check>>>());
        var checks = await Task.WhenAll(all.Select(check => examination.Run(check, interrupted)));
        cli.Answer(new { checks }, () =>
        {
            foreach (var check in checks) Print(cli, check);
        });
        return checks.Any(check => check.Status == CheckStatus.Fail) ? ExitCode.Failed : ExitCode.Ok;
    }

    private static void Print(Invocation cli, Check check)
    {
        var word = check.Status == CheckStatus.Fail ? "FAIL" : Words.Of(check.Status);
        cli.PrintWords($"{word,-4}  {check.Name,-8}  {check.Message}");
        if (check.Fix is { } fix) cli.PrintWords($"{"",14}  fix: {fix}");
    }
}
