using System.Collections.Immutable;
using FlowGrain.Flows.Optimization;

namespace FlowGrain.Training;

/// <summary>How the flat parameter vector is cut: into ranges, one an aggregator, and these into chunks, which travel.</summary>
internal static class Cut
{
    private const int Grain = Gradients.SquaresChunk; // cuts at its multiples change no bit of a gradient's norm
    private const int MostChunk = 1 << 20; // 4 MiB: a longer message would delay the short ones behind it

    /// <summary>Ranges of nearly equal length; fewer than asked for where the vector is too short for so many.</summary>
    internal static ImmutableArray<ParameterRange> Ranges(int count, int ranges)
    {
        var grains = (count + Grain - 1) / Grain;
        var many = Math.Clamp(ranges, 1, grains);
        return [.. Enumerable.Range(0, many).Select(range => Between((long)grains * range / many, (long)grains * (range + 1) / many))];

        ParameterRange Between(long first, long end) => new((int)first * Grain, (int)Math.Min(count, end * Grain) - (int)first * Grain);
    }

    /// <summary>The chunks of a range, in the order of their index: of the weights first, then of each further plane.</summary>
    /// <param name="range">The range.</param>
    /// <param name="planes">1, or 3 where inner moments are averaged too.</param>
    internal static ImmutableArray<Chunk> Chunks(ParameterRange range, int planes) =>
    [
        .. from plane in Enumerable.Range(0, planes)
           from first in Enumerable.Range(0, (range.Length + MostChunk - 1) / MostChunk).Select(chunk => chunk * MostChunk)
           select new Chunk(plane, range.Offset + first, Math.Min(MostChunk, range.Length - first)),
    ];
}

/// <summary>A piece of a range.</summary>
/// <param name="Plane">0 for the weights and their gradient, 1 and 2 for the inner optimizer's moments.</param>
/// <param name="Offset">Its first number in the whole vector.</param>
/// <param name="Length">How many.</param>
internal readonly record struct Chunk(int Plane, int Offset, int Length);
