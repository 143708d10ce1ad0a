using System.Numerics;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Data;

/// <summary>A permutation of [0, n) that is computed, not stored.</summary>
/// <remarks>
/// A Feistel network permutes the next power of four; a value that lands outside is permuted again until it is inside
/// (cycle walking: at most four steps on average, and it ends because the walk is a cycle through its own start).
/// Source: Black, Rogaway 2002, "Ciphers with arbitrary finite domains", https://doi.org/10.1007/3-540-45760-7_9.
/// </remarks>
internal readonly struct KeyedPermutation(long n, ulong key)
{
    private const int Rounds = 6;
    private const int LeastHalfBits = 3; // smaller networks mix badly
    private readonly int _halfBits = Math.Max(LeastHalfBits, (BitOperations.Log2((ulong)Math.Max(1, n - 1)) + 2) / 2);

    /// <summary>Where a position goes.</summary>
    internal long this[long position]
    {
        get
        {
            var value = (ulong)position;
            do value = Permute(value);
            while (value >= (ulong)n);
            return (long)value;
        }
    }

    private ulong Permute(ulong value)
    {
        var mask = (1UL << _halfBits) - 1;
        var (left, right) = (value >> _halfBits, value & mask);
        for (var round = 0; round < Rounds; round++)
            (left, right) = (right, left ^ (SplitMix.Mix(key + ((ulong)round << 56) + right) & mask));
        return (left << _halfBits) | right;
    }
}
