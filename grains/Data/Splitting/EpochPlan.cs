using FlowGrain.Flows.Numerics;

namespace FlowGrain.Data;

/// <summary>The order of one epoch: the blocks shuffled, and rows shuffled among 16 neighbouring blocks of that order.</summary>
/// <remarks>
/// A window of 16 blocks is about a million rows: enough that a sorted file is well mixed, few enough that the pages
/// being read stay in the system's cache.
/// </remarks>
internal sealed class EpochPlan
{
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

    /// <summary>Gives the places of the rows that come at consecutive positions of the epoch.</summary>
    internal void Locate(long position, Span<RowPlace> places)
    {
        while (!places.IsEmpty)
        {
            var window = Ranks.Find(_starts, position) / EpochWindow.Blocks;
            var (first, end) = (FirstOf(window), FirstOf(window + 1));
            var count = (int)Math.Min(places.Length, end - position);
            WindowAt(window).Locate(position - first, places[..count]);
            position += count;
            places = places[count..];
        }
    }

    private long FirstOf(int window) => _starts[Math.Min(window * EpochWindow.Blocks, _order.Length)];

    private EpochWindow WindowAt(int window)
    {
        var first = window * EpochWindow.Blocks;
        var order = new ArraySegment<int>(_order, first, Math.Min(EpochWindow.Blocks, _order.Length - first));
        return new(_rows, order, SplitMix.Key(_key, (ulong)window + 1));
    }

    // Fisher and Yates, from the last to the first.
    private static int[] Shuffled(int count, ulong key)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var j = (int)SplitMix.Below(i + 1, SplitMix.Key(key, ~(ulong)i));
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }
}
