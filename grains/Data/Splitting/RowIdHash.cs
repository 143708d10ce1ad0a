using FlowGrain.Flows.Numerics;

namespace FlowGrain.Data;

/// <summary>Proves that a set of rows was covered exactly once: the sum of the hashes of their numbers, in any order.</summary>
/// <remarks>A sum and not an exclusive or, under which a row that was counted twice would vanish.</remarks>
internal static class RowIdHash
{
    /// <summary>The hash of one row of the data set; add those of several, wrapping around.</summary>
    internal static ulong Of(long row) => SplitMix.Mix((ulong)row);

    /// <summary>The sum over rows at some places.</summary>
    internal static ulong Of(ReadOnlySpan<RowPlace> places, int rowsPerBlock)
    {
        var sum = 0UL;
        foreach (var place in places) sum += Of(((long)place.Block * rowsPerBlock) + place.Row);
        return sum;
    }

    /// <summary>The sum over all rows of a set.</summary>
    internal static ulong Of(RowSet rows, int rowsPerBlock)
    {
        var sum = 0UL;
        for (var block = 0; block < rows.Blocks; block++)
            foreach (var row in rows.In(block))
                sum += Of(((long)block * rowsPerBlock) + row);
        return sum;
    }
}
