namespace FlowGrain.Data;

/// <summary>What a job may read and write. Bound from the <c>Data</c> section.</summary>
public sealed record DataOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Data";

    /// <summary>Folders that a job may read, with all below them; nothing outside, symlinks included. Scores may be written there too, and below Storage:Root. Default: Storage:Root.</summary>
    public string[] Roots { get; init; } = [];
}
