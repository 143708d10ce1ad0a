using System.CommandLine;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Cli.Up;
using FlowGrain.Storage;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain up</c>.</summary>
internal static class UpCommand
{
    internal static Command Create(Cli cli)
    {
        var silos = Numbers.WithDefault("--silos", "N", "Silo processes to start; the cores are divided among them.", Ranges.Between(1, 64), 2);
        var command = new CliCommand(
            "up",
            "Run a cluster of silo processes on this machine until Ctrl+C; a silo that dies is started again.",
            "up --silos 2",
            "up --silos 4 --home /data/flowgrain --json") { silos };
        command.Rules.Add(parsed => parsed.Has(cli.Options.Cluster) ? ["up starts a cluster of its own; leave --cluster out."] : []);
        command.SetAction((parsed, interrupted) => Up(cli.Open(parsed), parsed.GetValue(silos), interrupted));
        return command;
    }

    private static async Task<int> Up(Invocation cli, int silos, CancellationToken interrupted)
    {
        using var folder = UpFolder.Take(cli.Home.Path);
        await using var cluster = await LocalCluster.Start(cli, folder, silos, interrupted);
        cli.Answer(new { cluster.Urls }, () => Print(cli, cluster));
        cli.Say($"Try {cli.Host.Program} cluster --cluster {cluster.Urls[0]}; Ctrl+C stops all of it.");
        if (File.Exists(HomeNames.JournalOf(cli.Home.Path))) cli.Say("Models of earlier commands on this home are there; their runs stay where they are, without --cluster.");
        await cluster.Serve(interrupted);
        cli.Say($"Stopping after the running rounds; {cli.Host.Interrupts.By} again ends at once.");
        return ExitCode.Ok;
    }

    private static void Print(Invocation cli, LocalCluster cluster)
    {
        cli.Say($"{Figures.Of(cluster.Urls.Length, "silo")} ready, data in {cli.Home.Path}, logs in {cluster.Logs}");
        foreach (var url in cluster.Urls) cli.Print(url);
    }
}
