using System.Collections.Immutable;
using FlowGrain.Cluster;

namespace FlowGrain.Cli.Commands;

/// <summary>Answers a mistyped preset before any data is read.</summary>
internal static class PresetNames
{
    /// <exception cref="BadInputException">There is no such preset.</exception>
    internal static void Require(string name, ImmutableArray<PresetDescription> presets)
    {
        if (presets.Any(preset => preset.Name == name)) return;
        var names = presets.Select(preset => preset.Name).ToArray();
        throw new BadInputException($"There is no preset '{name}'{Nearest.Hint(name, names, $"; there are {string.Join(", ", names)}.")}");
    }
}
