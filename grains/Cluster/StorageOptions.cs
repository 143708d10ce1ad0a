using System.ComponentModel.DataAnnotations;
using FlowGrain.Storage;
using Microsoft.Extensions.Options;

namespace FlowGrain.Cluster;

/// <summary>Where a silo keeps what outlives it. Bound from the <c>Storage</c> section.</summary>
public sealed record StorageOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Storage";

    /// <summary>Models, checkpoints, imported data, journal; a shared volume in a cluster. Default ./data.</summary>
    [Required(AllowEmptyStrings = false, ErrorMessage = "Storage:Root must name a folder.")]
    public string Root { get; init; } = "./data";

    /// <summary>What imported data sets may take together, such as 200GB; those used least recently give way. Default: no bound, since what takes its place costs reading the source again.</summary>
    public string? DataQuota { get; init; }

    /// <summary>What the checkpoints of all runs may take together, such as 50GB; those that no run goes on from give way. Default: no bound.</summary>
    public string? CheckpointQuota { get; init; }

    /// <summary><see cref="DataQuota"/> in bytes; null without one.</summary>
    internal long? DataBytes => Bytes(DataQuota);

    /// <summary><see cref="CheckpointQuota"/> in bytes; null without one.</summary>
    internal long? CheckpointBytes => Bytes(CheckpointQuota);

    /// <summary>Imported data sets.</summary>
    internal string Data => Path.Combine(Path.GetFullPath(Root), "data");

    /// <summary>Runs: snapshots and locks.</summary>
    internal string Runs => Path.Combine(Path.GetFullPath(Root), "runs");

    /// <summary>Published models.</summary>
    internal string Models => Path.Combine(Path.GetFullPath(Root), "models");

    /// <summary>Files that clients uploaded.</summary>
    internal string Uploads => Path.Combine(Path.GetFullPath(Root), "uploads");

    /// <summary>Scores that wait for their download.</summary>
    internal string Scorings => Path.Combine(Path.GetFullPath(Root), "scorings");

    /// <summary>The journal of this silo, where it is the only one.</summary>
    internal string Journal => Path.Combine(Path.GetFullPath(Root), "journal.db");

    private static long? Bytes(string? quota) => quota is { Length: > 0 } ? ByteSize.Parse(quota) : null;
}

/// <summary>Ranges come from the attributes.</summary>
[OptionsValidator]
internal sealed partial class StorageOptionsRanges : IValidateOptions<StorageOptions>;

/// <summary>What no attribute says: a file in the place of the root, or of a folder that leads to it, would only be noticed by the first write.</summary>
internal sealed class StorageOptionsRules : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        var faults = new[] { Place(options.Root), Size(nameof(options.DataQuota), options.DataQuota), Size(nameof(options.CheckpointQuota), options.CheckpointQuota) }.OfType<string>().ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static string? Place(string root) => root != "" && FileOnTheWay(Path.GetFullPath(root)) is { } file
        ? $"The home '{root}' cannot be a folder, because '{file}' is a file; name another with --home, FLOWGRAIN_HOME or Storage:Root."
        : null;

    private static string? Size(string key, string? quota) => quota is null or "" || ByteSize.Parse(quota) is not null
        ? null
        : $"Storage:{key} is '{quota}', which is no size; give bytes, or a number with kB, MB, GB or TB, such as 200GB.";

    private static string? FileOnTheWay(string? path) => path is null || File.Exists(path) ? path : FileOnTheWay(Path.GetDirectoryName(path));
}
