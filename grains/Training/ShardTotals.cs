namespace FlowGrain.Training;

/// <summary>What the rows of some shards come to, beside their gradient.</summary>
/// <param name="Loss">The sum of the objective's loss: Σ −w log p in nats for maximum likelihood.</param>
/// <param name="Rows">How many they are.</param>
/// <param name="RowHash">The sum of the hashes of their numbers in the data set, of the rows that were really gathered.</param>
internal readonly record struct ShardTotals(double Loss, long Rows, ulong RowHash)
{
    /// <summary>The sum of the rows' weights; null where each counts once.</summary>
    internal double? Weights { get; init; }

    /// <summary>Of both.</summary>
    public static ShardTotals operator +(ShardTotals one, ShardTotals other) =>
        new(one.Loss + other.Loss, one.Rows + other.Rows, one.RowHash + other.RowHash) { Weights = one.Weights + other.Weights };
}
