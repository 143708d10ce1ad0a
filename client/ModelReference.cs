using System.Globalization;
using FlowGrain.Serving;
using FlowGrain.Training;

namespace FlowGrain.Client;

/// <summary>A model as its user names it: <c>NAME</c> for the version that answers, <c>NAME@VERSION</c>, or <c>NAME@ALIAS</c>.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Version">Its version; null where none is named by number.</param>
/// <param name="Alias">An alias of a version; null where none is named so.</param>
public sealed record ModelReference(string Name, int? Version, string? Alias = null)
{
    /// <summary>The version as it is named: a number, an alias, or null for the champion, or the newest where there is none.</summary>
    public string? Which => Version?.ToString(CultureInfo.InvariantCulture) ?? Alias;

    /// <summary>Reads <c>NAME</c>, <c>NAME@VERSION</c> or <c>NAME@ALIAS</c>.</summary>
    /// <exception cref="BadInputException">The text is none of them.</exception>
    public static ModelReference Parse(string text)
    {
        var (name, version) = text.IndexOf('@') is >= 0 and var at ? (text[..at], text[(at + 1)..]) : (text, null);
        if (!RunName.IsAllowed(name)) throw Neither(text);
        if (version is null) return new(name, null);
        if (ModelAlias.IsAllowed(version)) return new(name, null, version);
        return int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? new(name, number) : throw Neither(text);
    }

    /// <summary>The version by number, or null for none; what cannot be undone is told by no alias.</summary>
    /// <exception cref="BadInputException">It is named by an alias.</exception>
    public int? RequireNumber() => Alias is null ? Version : throw new BadInputException($"'{this}' names a version by its alias, which may move; give its number, as in {Name}@1.");

    /// <inheritdoc />
    public override string ToString() => Which is { } version ? $"{Name}@{version}" : Name;

    private static BadInputException Neither(string text) => new($"'{text}' does not name a model; give NAME, NAME@VERSION or NAME@ALIAS, such as zipcodes@1 or zipcodes@champion.");
}
