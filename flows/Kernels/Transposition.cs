using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace FlowGrain.Flows.Kernels;

/// <summary>Turns blocks <c>[block][column][32 rows]</c> into panels <c>[panel][row][32 columns]</c>, which weight gradients read along the columns.</summary>
internal static unsafe class Transposition
{
    /// <summary>Columns of a panel: two registers of AVX-512, what the matrix tile multiplies at once.</summary>
    internal const int Panel = 32;

    /// <summary>Columns rounded up to whole panels.</summary>
    internal static int Padded(int columns) => (columns + Panel - 1) / Panel * Panel;

    /// <summary>Transposes every block. The columns that fill up the last panel keep what they hold; they are multiplied into sums that nobody reads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run(int blocks, Floats source, int columns, Floats target)
    {
        var rows = blocks * Tile.BlockRows;
        for (var block = 0; block < blocks; block++)
        {
            var from = source.Block(block, columns);
            for (var column = 0; column < columns; column += 8)
            {
                var to = target.At((column / Panel * rows + block * Tile.BlockRows) * Panel, Tile.BlockRows * Panel) + column % Panel;
                if (column + 8 <= columns) Eight(from + column * Tile.BlockRows, to);
                else Rest(from + column * Tile.BlockRows, columns - column, to);
            }
        }
    }

    private static void Eight(float* source, float* target)
    {
        for (var row = 0; row < Tile.BlockRows; row += 8) Square(source + row, target + row * Panel);
    }

    private static void Rest(float* source, int columns, float* target)
    {
        for (var column = 0; column < columns; column++)
        {
            for (var row = 0; row < Tile.BlockRows; row++) target[row * Panel + column] = source[column * Tile.BlockRows + row];
        }
    }

    /// <summary>Eight by eight, by the three exchanges of a butterfly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(float* source, float* target)
    {
        var r0 = Avx.LoadVector256(source);
        var r1 = Avx.LoadVector256(source + Tile.BlockRows);
        var r2 = Avx.LoadVector256(source + 2 * Tile.BlockRows);
        var r3 = Avx.LoadVector256(source + 3 * Tile.BlockRows);
        var r4 = Avx.LoadVector256(source + 4 * Tile.BlockRows);
        var r5 = Avx.LoadVector256(source + 5 * Tile.BlockRows);
        var r6 = Avx.LoadVector256(source + 6 * Tile.BlockRows);
        var r7 = Avx.LoadVector256(source + 7 * Tile.BlockRows);
        var (a0, a1) = (Avx.UnpackLow(r0, r1), Avx.UnpackHigh(r0, r1));
        var (a2, a3) = (Avx.UnpackLow(r2, r3), Avx.UnpackHigh(r2, r3));
        var (a4, a5) = (Avx.UnpackLow(r4, r5), Avx.UnpackHigh(r4, r5));
        var (a6, a7) = (Avx.UnpackLow(r6, r7), Avx.UnpackHigh(r6, r7));
        var (b0, b1) = (Avx.Shuffle(a0, a2, 0x44), Avx.Shuffle(a0, a2, 0xEE));
        var (b2, b3) = (Avx.Shuffle(a1, a3, 0x44), Avx.Shuffle(a1, a3, 0xEE));
        var (b4, b5) = (Avx.Shuffle(a4, a6, 0x44), Avx.Shuffle(a4, a6, 0xEE));
        var (b6, b7) = (Avx.Shuffle(a5, a7, 0x44), Avx.Shuffle(a5, a7, 0xEE));
        Avx.Store(target, Avx.Permute2x128(b0, b4, 0x20));
        Avx.Store(target + Panel, Avx.Permute2x128(b1, b5, 0x20));
        Avx.Store(target + 2 * Panel, Avx.Permute2x128(b2, b6, 0x20));
        Avx.Store(target + 3 * Panel, Avx.Permute2x128(b3, b7, 0x20));
        Avx.Store(target + 4 * Panel, Avx.Permute2x128(b0, b4, 0x31));
        Avx.Store(target + 5 * Panel, Avx.Permute2x128(b1, b5, 0x31));
        Avx.Store(target + 6 * Panel, Avx.Permute2x128(b2, b6, 0x31));
        Avx.Store(target + 7 * Panel, Avx.Permute2x128(b3, b7, 0x31));
    }
}
