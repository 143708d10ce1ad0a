using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlowGrain.Flows.Optimization;

/// <summary>Sums over gradients whose order is fixed, so that their bits do not depend on where they are computed.</summary>
public static class Gradients
{
    /// <summary>Numbers that <see cref="SumsOfSquares"/> adds up to one. Slices that begin at a multiple of it have the sums of the whole.</summary>
    public const int SquaresChunk = 4096;

    /// <summary>Σ g² in float64.</summary>
    public static double SumOfSquares(ReadOnlySpan<float> gradient) => Total(SumsOfSquares(gradient));

    /// <summary>Σ g² of each <see cref="SquaresChunk"/> numbers, in float64.</summary>
    public static ImmutableArray<double> SumsOfSquares(ReadOnlySpan<float> gradient)
    {
        var sums = ImmutableArray.CreateBuilder<double>((gradient.Length + SquaresChunk - 1) / SquaresChunk);
        for (var i = 0; i < gradient.Length; i += SquaresChunk) sums.Add(ChunkOfSquares(gradient.Slice(i, Math.Min(SquaresChunk, gradient.Length - i))));
        return sums.MoveToImmutable();
    }

    /// <summary>Sums one after another, in their order.</summary>
    public static double Total(IEnumerable<double> sums) => sums.Aggregate(0.0, (total, sum) => total + sum);

    /// <summary>Eight interleaved partial sums, whatever the vector width of the machine.</summary>
    private static double ChunkOfSquares(ReadOnlySpan<float> gradient)
    {
        var (low, high) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var whole = gradient.Length - gradient.Length % Vector256<float>.Count;
        for (var i = 0; i < whole; i += Vector256<float>.Count)
        {
            var (a, b) = Vector256.Widen(Vector256.Create(gradient[i..]));
            low += a * a; // the square of a float is exact in float64
            high += b * b;
        }

        var sum = Vector256.Sum(low) + Vector256.Sum(high);
        foreach (var last in gradient[whole..]) sum += (double)last * last;
        return sum;
    }

    /// <summary>The factor that brings a gradient of this norm to at most <paramref name="most"/>.</summary>
    public static double ClipFactor(double norm, double most) => norm > most ? most / norm : 1;

    /// <summary><c>sum ← sum + other</c>, element by element.</summary>
    public static void Add(Span<float> sum, ReadOnlySpan<float> other)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(sum);
        var others = MemoryMarshal.Cast<float, Vector<float>>(other);
        for (var i = 0; i < vectors.Length; i++) vectors[i] += others[i];
        for (var i = vectors.Length * Vector<float>.Count; i < sum.Length; i++) sum[i] += other[i];
    }
}
