namespace FlowGrain.Flows.Kernels;

/// <summary>Carries latents between the caller's memory, <c>[B, D]</c>, and tiles; what fills up the last block repeats the last row.</summary>
internal static unsafe class Latents
{
    /// <summary>Into a tile.</summary>
    internal static void Load(ReadOnlySpan<float> latents, int dimension, in Tile tile, Floats z)
    {
        var last = latents.Length / dimension - 1;
        for (var row = 0; row < tile.Rows; row++)
        {
            var values = latents.Slice(Math.Min(row, last) * dimension, dimension);
            var column = z.Block(row / Tile.BlockRows, dimension) + row % Tile.BlockRows;
            for (var i = 0; i < dimension; i++, column += Tile.BlockRows) *column = values[i];
        }
    }

    /// <summary>Out of a tile.</summary>
    internal static void Store(Floats z, int dimension, Span<float> latents)
    {
        for (var row = 0; row * dimension < latents.Length; row++)
        {
            var values = latents.Slice(row * dimension, dimension);
            var column = z.Block(row / Tile.BlockRows, dimension) + row % Tile.BlockRows;
            for (var i = 0; i < dimension; i++, column += Tile.BlockRows) values[i] = *column;
        }
    }
}
