using System.Numerics;
using System.Runtime.Intrinsics;

namespace FlowGrain.Data;

/// <summary>Neighbouring blocks of an epoch's order, and the permutation of the rows among them.</summary>
internal readonly struct EpochWindow
{
    /// <summary>Blocks of a window: their first ranks fill one vector, so that a row's block is found without a branch.</summary>
    internal const int Blocks = 16;

    private readonly RowSet _rows;
    private readonly ArraySegment<int> _order;
    private readonly KeyedPermutation _permutation;
    private readonly Vector512<int> _starts; // the rank in the window of each block's first row

    /// <summary>Takes some blocks of the data set, in the order of the epoch, and the key of their permutation.</summary>
    internal EpochWindow(RowSet rows, ArraySegment<int> order, ulong key)
    {
        (_rows, _order) = (rows, order);
        Span<int> starts = stackalloc int[Blocks];
        starts.Fill(int.MaxValue);
        var count = 0;
        for (var slot = 0; slot < order.Count; slot++)
        {
            starts[slot] = count;
            count += rows.In(order[slot]).Length;
        }

        _starts = Vector512.Create<int>(starts);
        _permutation = new(count, key);
    }

    /// <summary>Gives the places of the rows that come at consecutive positions of the window.</summary>
    internal void Locate(long position, Span<RowPlace> places)
    {
        for (var i = 0; i < places.Length; i++)
            places[i] = At((int)_permutation[position + i]);
    }

    private RowPlace At(int rank)
    {
        var slot = BitOperations.PopCount(Vector512.LessThanOrEqual(_starts, Vector512.Create(rank)).ExtractMostSignificantBits()) - 1;
        var block = _order[slot];
        return new(block, _rows.In(block)[rank - _starts[slot]]);
    }
}
