namespace FlowGrain.Flows.Kernels;

/// <summary>
/// Some rows on their way through a flow, in blocks of 32: <c>[block][column][32 rows]</c>, so that every kernel reads and
/// writes registers of rows. The last block is filled up with rows of weight 0, which reach neither sums nor gradients.
/// </summary>
internal readonly struct Tile
{
    /// <summary>Rows of a block: two registers of AVX-512, four of AVX2.</summary>
    internal const int BlockRows = 32;

    /// <summary>Blocks in use.</summary>
    internal required int Blocks { get; init; }

    /// <summary>Context columns <c>[block][C][32]</c>, standardised.</summary>
    internal required Floats Context { get; init; }

    /// <summary>Log-determinants <c>[block][1][32]</c>: every kernel adds its own.</summary>
    internal required Floats LogDet { get; init; }

    /// <summary>The weight of a row, 1 where all count once, and 0 of one that fills up, <c>[block][1][32]</c>.</summary>
    internal required Floats Weight { get; init; }

    /// <summary>Memory for the kernel at work; see <see cref="Kernel{T}.Scratch"/>.</summary>
    internal required Floats Scratch { get; init; }

    /// <summary>Rows in use, those that fill up included.</summary>
    internal int Rows => Blocks * BlockRows;
}
