namespace FlowGrain.Flows.Kernels;

/// <summary>
/// Some rows on their way through a flow, in blocks of 32: <c>[block][column][32 rows]</c>, so that every kernel reads and
/// writes registers of rows. The last block is filled up with rows of weight 0, which reach neither sums nor gradients.
/// </summary>
internal readonly unsafe struct Tile
{
    /// <summary>Rows of a block: two registers of AVX-512, four of AVX2.</summary>
    internal const int BlockRows = 32;

    /// <summary>Blocks in use.</summary>
    internal required int Blocks { get; init; }

    /// <summary>Context columns <c>[block][C][32]</c>, standardised.</summary>
    internal required float* Context { get; init; }

    /// <summary>Log-determinants <c>[block][32]</c>: every kernel adds its own.</summary>
    internal required float* LogDet { get; init; }

    /// <summary>1 for a row that counts, 0 for one that fills up, <c>[block][32]</c>.</summary>
    internal required float* Weight { get; init; }
}
