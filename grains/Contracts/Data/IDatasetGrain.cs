using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>One file as a data set: its manifest and its binary blocks. Key: the file's full path.</summary>
[Alias("flowgrain.data.IDatasetGrain")]
public interface IDatasetGrain : IGrainWithStringKey
{
    /// <summary>Reads the file into blocks under the storage root; does nothing when the file has not changed since.</summary>
    /// <exception cref="BadInputException">The file cannot be used: which row, which column, what to do.</exception>
    [Alias("Import"), ResponseTimeout(LongCall.Timeout)]
    Task<DatasetSummary> Import(DataSelection selection, CancellationToken cancellation = default);
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
