using Microsoft.Extensions.Options;

namespace FlowGrain.Data;

/// <summary>What a job may read and write. Bound from the <c>Data</c> section.</summary>
public sealed record DataOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Data";

    /// <summary>Folders that a job may read, with all below them; nothing outside, symlinks included. Scores may be written there too, and below Storage:Root. One folder may be written without a number, <c>Data:Roots=/data</c>. Default: Storage:Root.</summary>
    public string[] Roots { get; set; } = [];
}

/// <summary>A root that is not there would refuse every job without a word of why.</summary>
internal sealed class DataOptionsRules : IValidateOptions<DataOptions>
{
    public ValidateOptionsResult Validate(string? name, DataOptions options)
    {
        var absent = options.Roots.Index().Where(root => !Directory.Exists(root.Item)).Select(root => $"Data:Roots:{root.Index} is '{root.Item}', which is no folder that this silo sees; make it or mount it, or take it out.").ToList();
        return absent.Count > 0 ? ValidateOptionsResult.Fail(absent) : ValidateOptionsResult.Success;
    }
}
