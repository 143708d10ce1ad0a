namespace FlowGrain.Data;

/// <summary>The order of one epoch: the blocks shuffled, and rows shuffled among 16 neighbouring blocks of that order.</summary>
/// <remarks>
/// A window of 16 blocks is about a million rows: enough that a sorted file is well mixed, few enough that the pages
/// being read stay in the system's cache.
/// </remarks>
internal sealed class EpochPlan
{
    private const int WindowBlocks = 16;
    private readonly RowSet _rows;
    private readonly ulong _key;
    private readonly int[] _order;
    private readonly long[] _starts;

    /// <summary>Shuffles the blocks for an epoch.</summary>
    internal EpochPlan(RowSet rows, long seed, long epoch)
    {
        (_rows, Epoch) = (rows, epoch);
        _key = SplitMix.Key((ulong)seed, (ulong)epoch);
        _order = Shuffled(rows.Blocks, _key);
        _starts = Ranks.Of(_order.Select(block => rows.In(block).Length));
    }

    /// <summary>The epoch.</summary>
    internal long Epoch { get; }

    /// <summary>Block and position in it of the row that comes at a position of the epoch.</summary>
    internal (int Block, int Row) At(long position)
    {
        var window = Ranks.Find(_starts, position) / WindowBlocks;
        var first = _starts[window * WindowBlocks];
        var end = _starts[Math.Min((window + 1) * WindowBlocks, _order.Length)];
        var permutation = new KeyedPermutation(end - first, SplitMix.Key(_key, (ulong)window + 1));
        return RowAt(first + permutation[position - first]);
    }

    private (int Block, int Row) RowAt(long rank)
    {
        var slot = Ranks.Find(_starts, rank);
        var block = _order[slot];
        return (block, _rows.In(block)[(int)(rank - _starts[slot])]);
    }

    // Fisher and Yates, from the last to the first.
    private static int[] Shuffled(int count, ulong key)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var j = SplitMix.Below(i + 1, SplitMix.Key(key, ~(ulong)i));
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }
}
