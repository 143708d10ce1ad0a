using FlowGrain.Data;

namespace FlowGrain.Training;

/// <summary>The rows that the open pass has counted so far. At its end they must be the training rows, each of them once.</summary>
/// <param name="Rows">How many.</param>
/// <param name="RowHash">The sum of the hashes of their numbers.</param>
internal sealed record PassLedger(long Rows, ulong RowHash)
{
    /// <summary>Before the first round of a pass.</summary>
    internal static PassLedger Empty { get; } = new(0, 0);

    /// <summary>With one more round.</summary>
    internal PassLedger With(long rows, ulong rowHash) => new(Rows + rows, unchecked(RowHash + rowHash));

    /// <summary>Closes the pass.</summary>
    /// <exception cref="InvalidOperationException">Some row did not count, or not once.</exception>
    internal void Require(string run, long pass, EpochOrder order)
    {
        if (Rows == order.Rows && RowHash == order.Hash) return;
        throw new InvalidOperationException(
            $"Epoch {pass + 1} of run '{run}' did not count every training row exactly once: it counted {Rows} rows with hash {RowHash:x16}, and the data set's {order.Rows} training rows have {order.Hash:x16}. A silo read other rows than the others; check that all of them see the same Storage:Root, and train again.");
    }
}
