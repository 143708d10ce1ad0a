using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>One file as a data set: its manifest and its binary blocks. Key: the file's full path.</summary>
[Alias("flowgrain.data.IDatasetGrain")]
public interface IDatasetGrain : IGrainWithStringKey
{
    /// <summary>Reads the file into blocks under the storage root; does nothing when the file has not changed since.</summary>
    /// <exception cref="BadInputException">The file cannot be used: which row, which column, what to do; or the silo may not read it.</exception>
    /// <exception cref="DiskFullException">There is no room for the blocks; nothing was left behind.</exception>
    [Alias("Import"), ResponseTimeout(LongCall.Timeout)]
    Task<DatasetSummary> Import(DataSelection selection, CancellationToken cancellation = default);

    /// <summary>Describes the columns of the file, or those selected, and what training on them would refuse and why. Writes nothing.</summary>
    /// <exception cref="BadInputException">The file cannot be read, has not what is selected, or the silo may not read it.</exception>
    [Alias("Inspect"), ResponseTimeout(LongCall.Timeout)]
    Task<DataInspection> Inspect(DataSelection selection, CancellationToken cancellation = default);

    /// <summary>How far the import or inspection is that runs now; null while none does. Cheap: answers from memory.</summary>
    [Alias("Reading"), Orleans.Concurrency.AlwaysInterleave]
    Task<ReadingProgress?> Reading();
}

/// <summary>An imported data set.</summary>
/// <param name="Id">Name of its folder under the storage root.</param>
/// <param name="Root">SHA-256 that identifies the data: content, columns and the rule for missing values; no names, no times.</param>
/// <param name="Rows">Rows kept.</param>
/// <param name="DroppedRows">Rows left out for a missing or non-finite value.</param>
/// <param name="Columns">Modelled columns, in order.</param>
/// <param name="Context">Columns conditioned on, in order.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.data.DatasetSummary")]
public sealed record DatasetSummary(
    [property: Id(0)] string Id,
    [property: Id(1)] string Root,
    [property: Id(2)] long Rows,
    [property: Id(3)] long DroppedRows,
    [property: Id(4)] ImmutableArray<string> Columns,
    [property: Id(5)] ImmutableArray<string> Context);

/// <summary>What a file holds.</summary>
/// <param name="Rows">Data rows, header not counted; of those that meet the condition, where there is one.</param>
/// <param name="Columns">Every column in file order, or those selected, the context last.</param>
/// <param name="Refused">Why training on them would be refused; empty when it would not.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.data.DataInspection")]
public sealed record DataInspection(
    [property: Id(0)] long Rows,
    [property: Id(1)] ImmutableArray<ColumnInspection> Columns,
    [property: Id(2)] ImmutableArray<string> Refused)
{
    /// <summary>Rows that training would leave out for a missing or non-finite value, as the selection asks.</summary>
    [Id(3)] public long LeftOut { get; init; }
}

/// <summary>One column of a file.</summary>
/// <param name="Name">Its name, or x0, x1, … without a header.</param>
/// <param name="Type">number, integer, date (its numbers are days since 1970-01-01 UTC), constant (at most one value) or text (more words than numbers, or codes with leading zeros beside such a column).</param>
/// <param name="Min">Smallest finite value; null for text, and where there is none.</param>
/// <param name="Max">Largest finite value; null for text, and where there is none.</param>
/// <param name="Missing">Missing or non-finite values.</param>
/// <param name="Distinct">Distinct values, exact up to 100,000 and to about half a percent beyond.</param>
/// <param name="Note">What its type alone does not say, in a clause; null where there is nothing to add.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.data.ColumnInspection")]
public sealed record ColumnInspection(
    [property: Id(0)] string Name,
    [property: Id(1)] string Type,
    [property: Id(2)] double? Min,
    [property: Id(3)] double? Max,
    [property: Id(4)] long Missing,
    [property: Id(5)] long Distinct,
    [property: Id(6)] string? Note = null)
{
    /// <summary>What training would do with it, in a clause, and what may be said of it with <c>--as</c>.</summary>
    [Id(7)] public string Use { get; init; } = "";

    /// <summary>How its numbers lie from the smallest to the largest, a bar for each twentieth of the way, of a sample; null without numbers.</summary>
    [Id(8)] public string? Histogram { get; init; }
}
