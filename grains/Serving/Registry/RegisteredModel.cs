using System.Collections.Immutable;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace FlowGrain.Serving;

/// <summary>What the registry has of a model at one moment.</summary>
/// <param name="Name">The model.</param>
/// <param name="Versions">Its versions, ascending; one at least.</param>
/// <param name="Registration">Their aliases and the traffic.</param>
internal sealed record RegisteredModel(string Name, ImmutableArray<int> Versions, ModelRegistration Registration)
{
    /// <summary>The version meant: a number or an alias; null for the champion, or the newest where there is none.</summary>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    internal int Version(string? which)
    {
        if (which is null) return Registration.Aliases.TryGetValue(ModelAlias.Champion, out var champion) ? champion : Versions[^1];
        if (int.TryParse(which, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return Versions.Contains(number) ? number : throw new NotFoundException($"Model '{Name}' has no version {number}; it has {string.Join(", ", Versions)}.");
        return Registration.Aliases.TryGetValue(which, out var named) ? named : throw NoAlias(which);
    }

    /// <summary>The version that an alias has answer a request which names none: the champion, or of a part of them another. Null where no alias does, and the newest is meant.</summary>
    /// <param name="id">What its client calls the request; the same is answered by the same version.</param>
    internal int? NamedFor(ReadOnlySpan<char> id) => Registration.Traffic is { IsShadow: false } rule && IsIn(rule, id) ? Version(rule.Alias)
        : Registration.Aliases.TryGetValue(ModelAlias.Champion, out var champion) ? champion : null;

    /// <summary>The version that computes a request beside the one that answers it; null for none.</summary>
    /// <param name="id">What its client calls the request.</param>
    internal int? ShadowFor(ReadOnlySpan<char> id) => Registration.Traffic is { IsShadow: true } rule && IsIn(rule, id) ? Version(rule.Alias) : null;

    /// <summary>The aliases of a version, by name.</summary>
    internal ImmutableArray<string> AliasesOf(int version) => [.. Registration.Aliases.Where(alias => alias.Value == version).Select(alias => alias.Key)];

    /// <summary>Returns it where it answers requests.</summary>
    /// <exception cref="UnavailableException">Somebody unloaded it.</exception>
    internal RegisteredModel RequireLoaded() => !Registration.IsUnloaded ? this
        : throw new UnavailableException($"Model '{Name}' is unloaded; POST /v2/repository/models/{Name}/load loads it.");

    /// <summary>Returns when no alias names a version.</summary>
    /// <exception cref="BadInputException">One does.</exception>
    internal void RequireUnnamed(int version)
    {
        if (AliasesOf(version) is not [_, ..] aliases) return;
        var (name, them) = aliases.Length == 1 ? ("names", "it") : ("name", "them");
        throw new BadInputException($"{string.Join(" and ", aliases)} of model '{Name}' {name} version {version}; move {them} first, with 'flowgrain models alias {Name}@VERSION {aliases[0]}', or '--remove'.");
    }

    private static bool IsIn(TrafficRule rule, ReadOnlySpan<char> id) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(id)) % TrafficRule.Whole < (ulong)rule.PerMille;

    private NotFoundException NoAlias(string which)
    {
        var aliases = Registration.Aliases.IsEmpty ? "no alias" : string.Join(", ", Registration.Aliases.Keys);
        var versions = $"{(Versions.Length == 1 ? "version" : "the versions")} {string.Join(", ", Versions)}";
        return new($"Model '{Name}' has no version or alias '{Excerpt.Of(which)}'{Nearest.Hint(which, Registration.Aliases.Keys, $"; it has {versions} and {aliases}.")}");
    }
}
