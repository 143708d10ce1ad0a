namespace FlowGrain.Data;

/// <summary>Some rows of a data set in file order: 16 bits a row.</summary>
internal sealed class RowSet
{
    private readonly ushort[][] _blocks;
    private readonly long[] _starts; // rows of the set before each block, and their number at the end

    /// <summary>Takes the rows' positions inside each block, ascending.</summary>
    internal RowSet(ushort[][] blocks) => (_blocks, _starts) = (blocks, Ranks.Of(blocks.Select(rows => rows.Length)));

    /// <summary>Number of rows.</summary>
    internal long Count => _starts[^1];

    /// <summary>Number of blocks of the data set.</summary>
    internal int Blocks => _blocks.Length;

    /// <summary>The positions inside one block.</summary>
    internal ReadOnlySpan<ushort> In(int block) => _blocks[block];

    /// <summary>Gives the places of the rows with consecutive ranks in the set.</summary>
    internal void Locate(long rank, Span<RowPlace> places)
    {
        var block = Ranks.Find(_starts, rank);
        foreach (ref var place in places)
        {
            while (rank == _starts[block + 1]) block++;
            place = new(block, _blocks[block][rank++ - _starts[block]]);
        }
    }
}
