using System.Collections.Immutable;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using FlowGrain.Flows.Optimization;

namespace FlowGrain.Training;

/// <summary>Names weights by their bits, the same however they are cut into ranges.</summary>
internal static class WeightsHash
{
    /// <summary>XxHash3 of each 4,096 weights; of a range that begins at a multiple of it, its part of the whole's.</summary>
    internal static ImmutableArray<ulong> Blocks(ReadOnlySpan<float> weights)
    {
        const int Block = Gradients.SquaresChunk;
        var hashes = ImmutableArray.CreateBuilder<ulong>((weights.Length + Block - 1) / Block);
        for (var i = 0; i < weights.Length; i += Block) hashes.Add(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(weights.Slice(i, Math.Min(Block, weights.Length - i)))));
        return hashes.MoveToImmutable();
    }

    /// <summary>One hash of all weights, from those of their blocks.</summary>
    internal static ulong Of(ReadOnlySpan<ulong> blocks) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(blocks));
}
