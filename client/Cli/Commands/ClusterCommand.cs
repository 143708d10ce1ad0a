using System.Collections.Immutable;
using System.CommandLine;
using FlowGrain.Cli.Output;
using FlowGrain.Cluster;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain cluster</c>.</summary>
internal static class ClusterCommand
{
    internal static Command Create(Cli cli)
    {
        var command = new CliCommand("cluster", "Silos, devices, slots, and how many runs and models there are.", "cluster", "cluster --json");
        command.SetAction((parsed, interrupted) => Show(cli.Open(parsed), interrupted));
        return command;
    }

    private static async Task<int> Show(Invocation cli, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        var overview = await connection.Cluster.Overview(interrupted);
        return cli.Answer(ClusterAnswer.Of(overview), () => Print(cli, connection, overview));
    }

    private static void Print(Invocation cli, ClusterConnection connection, ClusterOverview overview)
    {
        if (connection.IsEmbedded) cli.Print("The embedded cluster: one silo inside this command, which ends with it.");
        var table = Tables.New(("silo", false), ("version", false), ("device", false), ("slots", true), ("busy", true));
        foreach (var silo in overview.Silos) table.Add(connection.IsEmbedded ? "embedded" : silo.Address, Versions.Short(silo.Version), string.Join(", ", silo.DeviceClasses), $"{silo.Slots}", $"{silo.BusySlots}");
        cli.Screen.Write(table);
        cli.Print($"{Figures.Of(overview.Runs, "run")}, {Figures.Of(overview.Models, "model")}");
    }

    private sealed record ClusterAnswer(ImmutableArray<SiloDescription> Silos, ImmutableArray<string> Devices, int Slots, int Runs, int Models)
    {
        internal static ClusterAnswer Of(ClusterOverview overview) => new(
            overview.Silos,
            [.. overview.Silos.SelectMany(silo => silo.DeviceClasses).Distinct()],
            overview.Silos.Sum(silo => silo.Slots),
            overview.Runs,
            overview.Models);
    }
}
