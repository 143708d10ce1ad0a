using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>Which rows and columns of which file a job reads.</summary>
/// <param name="Path">A file, folder or glob that can be read as one table, as the silo sees it.</param>
/// <param name="Columns">Columns to model, in this order; empty means every column that is not context.</param>
/// <param name="Context">Columns to condition on; empty for an unconditional density.</param>
/// <param name="Missing">What to do with a row that has a missing or non-finite value in a selected column.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.data.DataSelection")]
public sealed record DataSelection(
    [property: Id(0)] string Path,
    [property: Id(1)] ImmutableArray<string> Columns,
    [property: Id(2)] ImmutableArray<string> Context,
    [property: Id(3)] MissingRows Missing)
{
    /// <summary>A condition in SQL that rows must meet, over all columns of the file; null for every row. For parquet and queries.</summary>
    [Id(4)] public string? Where { get; init; }

    /// <summary>What columns are, by name, where the data alone would not say so: number, whole, lattice:STEP, category, angle:PERIOD, bounded:LOW:HIGH or robust.</summary>
    [Id(5)] public ImmutableSortedDictionary<string, string> Kinds { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>A column whose equal values fall on one side of the split; null where equal rows do. It is not modelled unless it is named.</summary>
    [Id(6)] public string? GroupBy { get; init; }

    /// <summary>A file, folder or glob whose rows validate, while all of <see cref="Path"/> trains; its columns are found by name. Null where a share of the rows is held out.</summary>
    [Id(7)] public string? Validation { get; init; }

    /// <summary>A column that says how often each row counts, finite and not below zero; null where each counts once. It is not modelled, and a row of weight 0 is left out.</summary>
    [Id(8)] public string? Weights { get; init; }
}

/// <summary>What to do with rows that have a missing or non-finite value.</summary>
[GenerateSerializer, Alias("flowgrain.data.MissingRows")]
public enum MissingRows
{
    /// <summary>Say which row and column, and stop.</summary>
    Refuse,

    /// <summary>Leave the row out and count it.</summary>
    Drop,

    /// <summary>Keep the row where a modelled number is missing: its density is that of the values that are there. Refuse others.</summary>
    Mask,
}
