using System.Runtime.CompilerServices;

namespace FlowGrain.Flows.Kernels;

/// <summary>The base of every flow here: <c>log p(z) = −½ Σ z² − ½ D log 2π</c>; see <see cref="Bases.StandardNormal"/>.</summary>
internal static unsafe class StandardNormalKernel
{
    /// <summary>Turns the log-determinants into log-densities; <paramref name="constant"/> is what no row changes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void LogDensity<T>(in Tile tile, int dimension, Floats z, float constant) where T : struct, ILanes<T>
    {
        for (var block = 0; block < tile.Blocks; block++)
        {
            var values = z.Block(block, dimension);
            var logDensity = tile.LogDet.Block(block, 1);
            for (var row = 0; row < Tile.BlockRows; row += T.Count)
            {
                var squares = T.All(0f);
                for (var i = 0; i < dimension; i++)
                {
                    var value = T.Load(values + i * Tile.BlockRows + row);
                    squares = T.MultiplyAdd(value, value, squares);
                }

                T.Store(logDensity + row, T.NegatedMultiplyAdd(T.All(0.5f), squares, T.Load(logDensity + row)) + T.All(constant));
            }
        }
    }

    /// <summary>The derivative of Σ −log p in z, which is z itself for the rows that count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Backward<T>(in Tile tile, int dimension, Floats z, Floats zGradient) where T : struct, ILanes<T>
    {
        for (var block = 0; block < tile.Blocks; block++)
        {
            var values = z.Block(block, dimension);
            var gradients = zGradient.Block(block, dimension);
            var weights = tile.Weight.Block(block, 1);
            for (var i = 0; i < dimension * Tile.BlockRows; i += T.Count)
            {
                T.Store(gradients + i, T.Load(values + i) * T.Load(weights + i % Tile.BlockRows));
            }
        }
    }
}
