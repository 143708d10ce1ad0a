using FlowGrain.Serving;
using FlowGrain.Storage;
using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>Reads the record of a run in its model's folder.</summary>
internal static class RunRecords
{
    /// <summary>The record itself.</summary>
    internal static RunRecord Of(string folder) => Json.Value<RunRecord>(File.ReadAllText(Path.Combine(folder, "run.json")));

    /// <summary>The lines of a file of it, without the header.</summary>
    internal static string[] Lines(string folder, string file) => File.ReadAllLines(Path.Combine(folder, file))[1..];

    /// <summary>Its rounds.</summary>
    internal static RoundLine[] Rounds(string folder) => [.. Lines(folder, "rounds.csv").Select(RoundLine.Parse)];

    /// <summary>What of its rounds depends on plan and data alone: all but attempts, rejects and workers.</summary>
    internal static RoundLine[] Bits(string folder) => [.. Rounds(folder).Select(round => round with { Attempts = 0, Rejects = 0, Workers = 0 })];

    /// <summary>Changes a file of the folder.</summary>
    internal static void Change(string folder, string file, Func<string, string> change)
    {
        var path = Path.Combine(folder, file);
        var (before, after) = (File.ReadAllText(path), change(File.ReadAllText(path)));
        Assert.NotEqual(before, after);
        File.WriteAllText(path, after);
    }
}
