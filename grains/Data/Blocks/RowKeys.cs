namespace FlowGrain.Data;

/// <summary>Gives the rows of an import the keys by which they are split.</summary>
/// <param name="Numbers">Numbers in a row: behind those of the data set the group, where it is no column of it, and last the weight, where there is one.</param>
/// <param name="Told">How many of them, the first, tell rows apart: all but the weight.</param>
/// <param name="Group">Where the column stands by which rows are grouped; null where their values are.</param>
/// <param name="ValidationFrom">The first row, from 0, that came from a validation file.</param>
/// <param name="EachByItself">Whether equal rows are told apart by their place: see docs/decisions/split.md.</param>
internal sealed record RowKeys(int Numbers, int Told, int? Group, long ValidationFrom, bool EachByItself)
{
    /// <summary>The key of a row.</summary>
    /// <param name="row">Its numbers.</param>
    /// <param name="index">Which it is of the kept rows, from 0.</param>
    internal uint Of(ReadOnlySpan<double> row, long index) =>
        index >= ValidationFrom ? RowKey.Validation
        : Group is { } group ? RowKey.Of(row.Slice(group, 1))
        : EachByItself ? RowKey.Of(row[..Told], index) : RowKey.Of(row[..Told]);
}
