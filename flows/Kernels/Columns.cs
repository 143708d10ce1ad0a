using System.Runtime.CompilerServices;

namespace FlowGrain.Flows.Kernels;

/// <summary>What is done with one column of a block, 32 floats.</summary>
internal static unsafe class Columns
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Copy<T>(float* source, float* target) where T : struct, ILanes<T>
    {
        for (var row = 0; row < Tile.BlockRows; row += T.Count) T.Store(target + row, T.Load(source + row));
    }

    /// <summary>target += constant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Add<T>(float* target, float constant) where T : struct, ILanes<T>
    {
        for (var row = 0; row < Tile.BlockRows; row += T.Count) T.Store(target + row, T.Load(target + row) + T.All(constant));
    }

    /// <summary>target /= constant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Divide<T>(float* target, float constant) where T : struct, ILanes<T>
    {
        for (var row = 0; row < Tile.BlockRows; row += T.Count) T.Store(target + row, T.Load(target + row) / T.All(constant));
    }

    /// <summary>target = −target.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Negate<T>(float* target) where T : struct, ILanes<T>
    {
        for (var row = 0; row < Tile.BlockRows; row += T.Count) T.Store(target + row, T.All(0f) - T.Load(target + row));
    }

    /// <summary>target = a + b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Sum<T>(float* a, float* b, float* target) where T : struct, ILanes<T>
    {
        for (var row = 0; row < Tile.BlockRows; row += T.Count) T.Store(target + row, T.Load(a + row) + T.Load(b + row));
    }

    /// <summary>Every row the same number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Fill<T>(float* target, float value) where T : struct, ILanes<T>
    {
        for (var row = 0; row < Tile.BlockRows; row += T.Count) T.Store(target + row, T.All(value));
    }

    /// <summary>The sum of the 32 numbers, always in the same tree.</summary>
    internal static float Total(float* column)
    {
        Span<float> sums = stackalloc float[Tile.BlockRows];
        new ReadOnlySpan<float>(column, Tile.BlockRows).CopyTo(sums);
        for (var half = Tile.BlockRows / 2; half > 0; half /= 2)
        {
            for (var i = 0; i < half; i++) sums[i] += sums[i + half];
        }

        return sums[0];
    }
}
