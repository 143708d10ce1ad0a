using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace FlowGrain.Data;

/// <summary>A data set that was imported: blocks under the storage root, which jobs over the same file and columns share.</summary>
/// <param name="Id">Name of its folder.</param>
/// <param name="Source">Name of what it was imported from, without its folder.</param>
/// <param name="Rows">Rows kept.</param>
/// <param name="DroppedRows">Rows left out for a missing or non-finite value.</param>
/// <param name="Columns">Modelled columns, in order.</param>
/// <param name="Context">Columns conditioned on, in order.</param>
/// <param name="Bytes">What it takes on disk.</param>
/// <param name="Imported">When it was imported, UTC.</param>
/// <param name="NeededBy">Runs that have not finished and need it; while there are any it is not deleted.</param>
/// <param name="Root">SHA-256 that identifies the data; null of one that is damaged.</param>
/// <param name="Damage">What is wrong with it, as a sentence; null where nothing is.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.data.DatasetListing")]
public sealed record DatasetListing(
    [property: Id(0)] string Id,
    [property: Id(1)] string Source,
    [property: Id(2)] long Rows,
    [property: Id(3)] long DroppedRows,
    [property: Id(4)] ImmutableArray<ColumnStatistics> Columns,
    [property: Id(5)] ImmutableArray<ColumnStatistics> Context,
    [property: Id(6)] long Bytes,
    [property: Id(7)] DateTimeOffset Imported,
    [property: Id(8)] ImmutableArray<string> NeededBy,
    [property: Id(9)] string? Root,
    [property: Id(10)] string? Damage = null)
{
    /// <summary>When a job used it last, UTC; null of one that is damaged.</summary>
    [Id(11)] public DateTimeOffset? Used { get; init; }

    /// <summary>The first thousand of the rows that were left out.</summary>
    [Id(12)] public ImmutableArray<LeftOutRow> LeftOut { get; init; } = [];

    /// <summary>What was selected of the source, which is named without its folder; null of one that is damaged or was imported before this was noted.</summary>
    [Id(13)] public DataSelection? Selection { get; init; }
}

/// <summary>A row that was left out of a data set.</summary>
/// <param name="Row">Its number in the source, from 1; where that is several files, its number in <see cref="File"/>.</param>
/// <param name="Column">The first column that is why.</param>
/// <param name="Why">missing, or the value that is not finite.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.data.LeftOutRow")]
public sealed record LeftOutRow([property: Id(0)] long Row, [property: Id(1)] string Column, [property: Id(2)] string Why)
{
    /// <summary>Name of its file where the source is several; null where it is one.</summary>
    [Id(3), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] // manifests without it have the hash that they were written with
    public string? File { get; init; }
}

/// <summary>What a column of an imported data set holds.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Mean">Mean of the kept rows.</param>
/// <param name="Deviation">Standard deviation of the kept rows, by their count.</param>
/// <param name="Min">Smallest value.</param>
/// <param name="Max">Largest value.</param>
/// <param name="Median">Median of the kept rows, from a sample.</param>
/// <param name="Distinct">Distinct values, exact up to 100,000 and estimated beyond; null beyond the first 64 columns.</param>
/// <param name="Missing">Rows, those left out included, in which it has no value.</param>
/// <param name="Levels">The levels of a category, whose mean, deviation and median say nothing; empty for numbers.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.data.ColumnStatistics")]
public sealed record ColumnStatistics(
    [property: Id(0)] string Name,
    [property: Id(1)] double Mean,
    [property: Id(2)] double Deviation,
    [property: Id(3)] double Min,
    [property: Id(4)] double Max,
    [property: Id(5)] double? Median,
    [property: Id(6)] long? Distinct,
    [property: Id(7)] long Missing,
    [property: Id(8)] ImmutableArray<string> Levels)
{
    /// <summary>Whether its values are dates: the figures are days since 1970-01-01 UTC.</summary>
    [Id(9)] public bool IsDate { get; init; }
}
