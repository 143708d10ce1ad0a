using System.Diagnostics;

namespace FlowGrain.Flows.Kernels;

/// <summary>A stretch of floats outside the managed heap. Every pointer a kernel works with comes from here, with its bounds asserted in debug builds.</summary>
internal readonly unsafe struct Floats(float* pointer, int length)
{
    internal int Length => length;

    internal Span<float> Span => new(pointer, length);

    /// <summary>A pointer to <paramref name="count"/> floats that exist.</summary>
    internal float* At(int offset, int count)
    {
        Debug.Assert(offset >= 0 && count >= 0 && offset <= length - count, $"Floats {offset} to {offset + count} of {length}.");
        return pointer + offset;
    }

    /// <summary>Floats from another stretch to this one.</summary>
    internal nint From(Floats other) => (nint)(pointer - other.At(0, 0));

    /// <summary>A part.</summary>
    internal Floats Slice(int offset, int count) => new(At(offset, count), count);

    /// <summary>The columns of the first blocks, <c>[block][columns][32]</c>.</summary>
    internal float* Blocks(int blocks, int columns) => At(0, blocks * columns * Tile.BlockRows);

    /// <summary>The columns of one block, <c>[columns][32]</c>.</summary>
    internal float* Block(int block, int columns) => At(block * columns * Tile.BlockRows, columns * Tile.BlockRows);

    /// <summary>One column of one block, <c>[32]</c>.</summary>
    internal float* Column(int block, int columns, int column) => At((block * columns + column) * Tile.BlockRows, Tile.BlockRows);
}

/// <summary>Cuts a stretch of floats into regions of so many columns each, one after the other.</summary>
internal struct Regions(Floats floats, int rows)
{
    private int _next;

    /// <summary>The next region, <c>[block][columns][32]</c>.</summary>
    internal Floats Next(int columns)
    {
        var region = floats.Slice(_next, columns * rows);
        _next += region.Length;
        return region;
    }
}
