using System.Collections.Immutable;
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
            PrintSettings(cli, presets);
        });
    }

    private static void Print(Invocation cli, PresetDescription preset)
    {
        cli.PrintWords($"{preset.Name}: {preset.Sentence}");
        cli.PrintWords($"  {preset.Directions}; computed by {preset.Engine}");
        cli.PrintWords($"  {preset.Paper}");
        if (!preset.Settings.IsEmpty) cli.PrintWords($"  --set  {string.Join("  ", preset.Settings.Select(Setting))}");
        cli.Print("");
    }

    // A value of several words is no value that one could type.
    private static string Setting(KeyValuePair<string, string> setting) => setting.Value.Contains(' ') ? $"{setting.Key} ({setting.Value})" : $"{setting.Key}={setting.Value}";

    // Presets share most of their settings, so each is explained once.
    private static void PrintSettings(Invocation cli, ImmutableArray<PresetDescription> presets)
    {
        var meanings = presets.SelectMany(preset => preset.Meanings).DistinctBy(setting => setting.Key).OrderBy(setting => setting.Key, StringComparer.Ordinal).ToArray();
        var width = meanings.Select(setting => setting.Key.Length).DefaultIfEmpty().Max();
        cli.Print("What the settings are:");
        foreach (var (name, meaning) in meanings) cli.PrintWords($"  {name.PadRight(width)}  {meaning}");
    }
}
