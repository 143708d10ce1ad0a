namespace FlowGrain.Data;

/// <summary>Where a row is stored.</summary>
/// <param name="Block">Number of its block in the data set.</param>
/// <param name="Row">Its position in the block.</param>
internal readonly record struct RowPlace(int Block, int Row);
