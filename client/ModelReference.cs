using System.Globalization;
using System.Text.RegularExpressions;

namespace FlowGrain.Client;

/// <summary>A model as its user names it: <c>NAME</c> for the newest version, or <c>NAME@VERSION</c>.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Version">Its version; null means the newest.</param>
public sealed partial record ModelReference(string Name, int? Version)
{
    /// <summary>Reads <c>NAME</c> or <c>NAME@VERSION</c>.</summary>
    /// <exception cref="BadInputException">The text is neither.</exception>
    public static ModelReference Parse(string text)
    {
        var match = Shape().Match(text);
        if (!match.Success) throw new BadInputException($"'{text}' does not name a model; give NAME or NAME@VERSION, such as zipcodes@1.");
        var version = match.Groups["version"];
        return new(match.Groups["name"].Value, version.Success ? int.Parse(version.Value, CultureInfo.InvariantCulture) : null);
    }

    /// <inheritdoc />
    public override string ToString() => Version is { } version ? $"{Name}@{version}" : Name;

    // Nine digits always fit an int.
    [GeneratedRegex(@"^(?<name>[^@/\\]+)(@(?<version>[1-9][0-9]{0,8}))?$")]
    private static partial Regex Shape();
}
