using System.ComponentModel.DataAnnotations;
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
}

/// <summary>Ranges come from the attributes.</summary>
[OptionsValidator]
internal sealed partial class StorageOptionsRanges : IValidateOptions<StorageOptions>;

/// <summary>A file in the place of the root, or of a folder that leads to it, would only be noticed by the first write.</summary>
internal sealed class StorageOptionsRules : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options) => options.Root != "" && FileOnTheWay(Path.GetFullPath(options.Root)) is { } file
        ? ValidateOptionsResult.Fail($"The home '{options.Root}' cannot be a folder, because '{file}' is a file; name another with --home, FLOWGRAIN_HOME or Storage:Root.")
        : ValidateOptionsResult.Success;

    private static string? FileOnTheWay(string? path) => path is null || File.Exists(path) ? path : FileOnTheWay(Path.GetDirectoryName(path));
}
