using System.Diagnostics;

namespace FlowGrain.Flows.Kernels;

/// <summary>What <see cref="MatrixTile"/> multiplies. Strides count floats; Σ_k runs over <see cref="Groups"/> × <see cref="Depth"/>.</summary>
internal readonly unsafe struct MatrixJob
{
    /// <summary>A: row r, depth k of group g at <c>A[r·ARowStride + g·AGroupStride + k·AStride]</c>.</summary>
    internal required float* A { get; init; }

    internal required int ARowStride { get; init; }

    internal required int AStride { get; init; }

    internal int AGroupStride { get; init; }

    /// <summary>B: depth k of group g at <c>B[g·BGroupStride + k·BStride + n]</c>.</summary>
    internal required float* B { get; init; }

    internal required int BStride { get; init; }

    internal int BGroupStride { get; init; }

    /// <summary>C: row r at <c>C[r·CRowStride + n]</c>.</summary>
    internal required float* C { get; init; }

    internal required int CRowStride { get; init; }

    /// <summary>What each row's sum begins with; null begins at zero.</summary>
    internal float* Start { get; init; }

    /// <summary>Distance in floats from an element of C to its companion, for the stores that have one.</summary>
    internal nint Companion { get; init; }

    /// <summary>The first row of A and C that is computed.</summary>
    internal int FirstRow { get; init; }

    internal required int Rows { get; init; }

    /// <summary>Columns of B and C, a multiple of two registers.</summary>
    internal required int Columns { get; init; }

    internal required int Depth { get; init; }

    /// <summary>Outside of which A is zero; it must hold zeros there, since a tile reads what the bands of its rows span together. Null where nothing is known.</summary>
    internal Band? Band { get; init; }

    internal int Groups { get; init; } = 1;

    /// <summary>How often the same A is multiplied: block i by <c>B + i·BBlockStride</c> into <c>C + i·CBlockStride</c>.</summary>
    internal int Blocks { get; init; } = 1;

    internal int BBlockStride { get; init; }

    internal int CBlockStride { get; init; }

    public MatrixJob()
    {
    }

    /// <summary>First depth of a row.</summary>
    internal int Begin(int row) => Band?.Begin(row) ?? 0;

    /// <summary>Depth after the last of a row.</summary>
    internal int End(int row) => Band?.End(row) ?? Depth;

    /// <summary>In debug builds: that the sizes are ones the tile can walk. The extents of A, B and C are checked where <see cref="Floats"/> gives their pointers.</summary>
    [Conditional("DEBUG")]
    internal void Check(int tileColumns)
    {
        Debug.Assert(Columns % tileColumns == 0, "columns that tiles do not fill");
        Debug.Assert(FirstRow >= 0 && Rows >= 0 && Depth >= 0 && Groups >= 0, "a negative size");
        for (var row = FirstRow; row < FirstRow + Rows; row++) Debug.Assert(Begin(row) >= 0 && End(row) <= Depth, "a band deeper than the product");
    }
}
