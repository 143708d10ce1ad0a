using System.Collections.Immutable;

namespace FlowGrain.Flows.Tables;

/// <summary>The density of the modelled categories of a table: how often each combination of levels was seen, with one row more that is spread as if the columns were independent.</summary>
/// <remarks>
/// p(k) = (n(k) + q(k)) / (N + 1) with q the product of the columns' own frequencies, each with one row more a level. It sums to one
/// over all combinations, and none has probability zero. A Dirichlet prior of concentration one about q; Gelman et al. 2013,
/// "Bayesian Data Analysis", section 3.4.
/// </remarks>
/// <param name="Seen">Every combination that was seen, with its rows.</param>
public sealed record CategoricalSpec(ImmutableArray<SeenLevels> Seen)
{
    private const double MostCombinations = 1e18; // their numbers fit into 63 bits

    /// <summary>What is wrong with it for a table, a sentence each.</summary>
    internal IEnumerable<string> Problems(TableSpec? table)
    {
        var levels = table?.Categories.Select(column => column.Levels.Length).ToArray() ?? [];
        if (levels.Length == 0) yield return "the table has none.";
        else if (levels.Aggregate(1.0, (product, count) => product * count) > MostCombinations) yield return $"their levels combine in more than {MostCombinations:g1} ways.";
        else if (Seen.IsDefaultOrEmpty || !Seen.All(seen => seen is { Rows: > 0, Levels.IsDefault: false } && seen.Levels.Length == levels.Length && seen.Levels.Zip(levels).All(pair => pair.First >= 0 && pair.First < pair.Second)))
            yield return "a combination does not fit the table's columns.";
    }

    /// <summary>Whether two specs have seen the same.</summary>
    public bool Equals(CategoricalSpec? other) => other is not null && Seen.AsSpan().SequenceEqual(other.Seen.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode() => Seen.IsDefault ? 0 : Seen.Length;
}

/// <summary>A combination of levels.</summary>
/// <param name="Levels">The index of the level in each modelled category.</param>
/// <param name="Rows">Training rows that have it, by their weights where they have some.</param>
public sealed record SeenLevels(ImmutableArray<int> Levels, double Rows)
{
    /// <summary>Whether two are equal.</summary>
    public bool Equals(SeenLevels? other) => other is not null && Rows == other.Rows && Levels.AsSpan().SequenceEqual(other.Levels.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode() => Levels.IsDefault ? 0 : Levels.Aggregate((int)Rows, HashCode.Combine);
}
