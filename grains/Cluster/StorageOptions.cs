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

    /// <summary>The journal of this silo, where it is the only one.</summary>
    internal string Journal => Path.Combine(Path.GetFullPath(Root), "journal.db");
}

/// <summary>Ranges come from the attributes.</summary>
[OptionsValidator]
internal sealed partial class StorageOptionsRanges : IValidateOptions<StorageOptions>;
