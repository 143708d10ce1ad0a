using System.CommandLine;
using FlowGrain.Cli.Quickstart;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain quickstart</c>.</summary>
internal static class QuickstartCommand
{
    internal static Command Create(Cli cli)
    {
        var command = new CliCommand(
            "quickstart",
            "Train a flow on bundled real data, the zip codes of the United States, and look at it. About a minute.",
            "quickstart",
            "quickstart --home /tmp/try",
            "quickstart --json");
        command.SetAction((parsed, interrupted) => Run(cli.Open(parsed), interrupted));
        return command;
    }

    private static async Task<int> Run(Invocation cli, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        await new QuickstartTour(cli, connection.Cluster).Run(interrupted);
        return ExitCode.Ok;
    }
}
