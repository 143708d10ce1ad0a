using System.Globalization;
using FlowGrain.Training;

namespace FlowGrain.Client;

/// <summary>A model as its user names it: <c>NAME</c> for the newest version, or <c>NAME@VERSION</c>.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Version">Its version; null means the newest.</param>
public sealed record ModelReference(string Name, int? Version)
{
    /// <summary>Reads <c>NAME</c> or <c>NAME@VERSION</c>.</summary>
    /// <exception cref="BadInputException">The text is neither.</exception>
    public static ModelReference Parse(string text)
    {
        var (name, version) = text.IndexOf('@') is >= 0 and var at ? (text[..at], text[(at + 1)..]) : (text, null);
        if (!RunName.IsAllowed(name)) throw Neither(text);
        if (version is null) return new(name, null);
        return int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? new(name, number) : throw Neither(text);
    }

    /// <inheritdoc />
    public override string ToString() => Version is { } version ? $"{Name}@{version}" : Name;

    private static BadInputException Neither(string text) => new($"'{text}' does not name a model; give NAME or NAME@VERSION, such as zipcodes@1.");
}
