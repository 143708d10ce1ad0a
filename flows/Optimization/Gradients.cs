using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlowGrain.Flows.Optimization;

/// <summary>Sums over gradients whose order is fixed, so that their bits do not depend on where they are computed.</summary>
public static class Gradients
{
    /// <summary>Σ g² in float64, over eight interleaved partial sums whatever the vector width of the machine.</summary>
    public static double SumOfSquares(ReadOnlySpan<float> gradient)
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
