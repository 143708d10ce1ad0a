using System.CommandLine;
using FlowGrain.Cluster;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain models presets</c>.</summary>
internal static class PresetsCommand
{
    internal static Command Create(Cli cli)
    {
        var command = new CliCommand("presets", "What train --model takes: every preset with its paper, directions and sizes.", "models presets", "train your.csv --model nsf --set bins=16");
        command.SetAction((parsed, interrupted) => List(cli.Open(parsed), interrupted));
        return command;
    }

    private static async Task<int> List(Invocation cli, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        var presets = await connection.Cluster.Presets(interrupted);
        return cli.Answer(new { presets }, () =>
        {
            foreach (var preset in presets) Print(cli, preset);
        });
    }

    private static void Print(Invocation cli, PresetDescription preset)
    {
        cli.PrintWords($"{preset.Name}: {preset.Sentence}");
        cli.PrintWords($"  {preset.Directions}; computed by {preset.Engine}");
        cli.PrintWords($"  {preset.Paper}");
        if (!preset.Settings.IsEmpty) cli.Print($"  --set {string.Join(" ", preset.Settings.Select(setting => $"{setting.Key}={setting.Value}"))}");
        cli.Print("");
    }
}
