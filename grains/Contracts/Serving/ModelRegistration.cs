using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace FlowGrain.Serving;

/// <summary>What the registry knows of a model beyond its versions.</summary>
/// <param name="Aliases">The version that each alias names.</param>
/// <param name="Traffic">Which requests go to another version than the champion; null where none do.</param>
/// <param name="IsUnloaded">Whether it answers no requests until it is loaded again.</param>
/// <param name="History">Every change, oldest first; the last thousand where there are more.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.serving.ModelRegistration")]
public sealed record ModelRegistration(
    [property: Id(0)] ImmutableSortedDictionary<string, int> Aliases,
    [property: Id(1)] TrafficRule? Traffic,
    [property: Id(2)] bool IsUnloaded,
    [property: Id(3)] ImmutableArray<RegistryChange> History);

/// <summary>A part of the requests that name no version.</summary>
/// <param name="Alias">The alias that they go to.</param>
/// <param name="PerMille">How many of a thousand; which ones, a hash of their ids says.</param>
/// <param name="IsShadow">Whether they are answered by the champion all the same, and the other version computes them beside it for comparison alone.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.serving.TrafficRule")]
public sealed record TrafficRule([property: Id(0)] string Alias, [property: Id(1)] int PerMille, [property: Id(2)] bool IsShadow)
{
    /// <summary>All of the requests, as a rule counts them.</summary>
    public const int Whole = 1000;
}

/// <summary>A change of what the registry knows of a model.</summary>
/// <param name="Time">When, UTC.</param>
/// <param name="Kind">What happened.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.serving.RegistryChange")]
public sealed record RegistryChange([property: Id(0)] DateTimeOffset Time, [property: Id(1)] RegistryChangeKind Kind)
{
    /// <summary>The alias that it is about; null for none.</summary>
    [Id(2)] public string? Alias { get; init; }

    /// <summary>The version that it is about; null for none.</summary>
    [Id(3)] public int? Version { get; init; }

    /// <summary>Of a thousand requests, those that the alias gets from now on; null where it is not about requests.</summary>
    [Id(4)] public int? PerMille { get; init; }

    /// <summary>Who asked for it, as the API knows them; null where nobody had to say.</summary>
    [Id(5)] public string? By { get; init; }
}

/// <summary>What can happen to a model in the registry.</summary>
public enum RegistryChangeKind
{
    /// <summary>An alias names a version from now on.</summary>
    Pointed,

    /// <summary>An alias names again what it named before, the version given.</summary>
    RolledBack,

    /// <summary>There is no such alias any more.</summary>
    Removed,

    /// <summary>A version was deleted; its number is not given again.</summary>
    Deleted,

    /// <summary>An alias answers a part of the requests.</summary>
    Split,

    /// <summary>An alias computes a part of the requests beside the champion.</summary>
    Shadowed,

    /// <summary>The champion has all requests to itself again.</summary>
    Unsplit,

    /// <summary>The model answers requests no longer.</summary>
    Unloaded,

    /// <summary>The model answers requests again.</summary>
    Loaded,
}

/// <summary>Names that people give to versions: <c>champion</c> is what answers where no version is asked for.</summary>
public static partial class ModelAlias
{
    /// <summary>The version that is meant where none is named.</summary>
    public const string Champion = "champion";

    /// <summary>Whether a word can be one: no number, which is a version.</summary>
    public static bool IsAllowed(string alias) => Rule().IsMatch(alias);

    /// <summary>Returns the word when it can be one.</summary>
    /// <exception cref="BadInputException">It cannot.</exception>
    public static string Require(string alias) => IsAllowed(alias) ? alias
        : throw new BadInputException($"'{Excerpt.Of(alias)}' cannot be an alias; take a letter and at most 31 letters, digits, '_' or '-', such as champion or challenger.");

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_-]{0,31}\z")]
    private static partial Regex Rule();
}
