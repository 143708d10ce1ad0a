using System.Runtime.CompilerServices;

namespace FlowGrain.Flows.Kernels;

/// <summary>Elementary functions over registers, within two units in the last place of the exact value, NaN in giving NaN out.</summary>
/// <remarks>Polynomials: Moshier, Cephes Mathematical Library, expf, logf, sinf and cosf.</remarks>
internal static class VectorMath
{
    /// <summary>eˣ: 0 below −104, infinite above 88.73, denormals in between where they belong.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Exp<T>(T x) where T : struct, ILanes<T>
    {
        const float Least = -104f; // e^−104 rounds to zero
        const float Most = 89f; // e^89 is infinite in float32
        const float Ln2High = 0.693359375f; // nine bits, so that n·Ln2High is exact
        const float Ln2Low = -2.12194440e-4f;

        var clamped = T.Min(T.All(Most), T.Max(T.All(Least), x));
        var n = T.Round(clamped * T.All(1.44269504f));
        var r = T.NegatedMultiplyAdd(n, T.All(Ln2Low), T.NegatedMultiplyAdd(n, T.All(Ln2High), clamped));
        var p = T.MultiplyAdd(T.All(1.9875691500e-4f), r, T.All(1.3981999507e-3f));
        p = T.MultiplyAdd(p, r, T.All(8.3334519073e-3f));
        p = T.MultiplyAdd(p, r, T.All(4.1665795894e-2f));
        p = T.MultiplyAdd(p, r, T.All(1.6666665459e-1f));
        p = T.MultiplyAdd(p, r, T.All(5.0000001201e-1f));
        var value = T.MultiplyAdd(p, r * r, r) + T.All(1f);
        var half = T.Round(n * T.All(0.5f)); // 2ⁿ in two factors: one alone could leave the normal numbers
        return value * T.PowerOfTwo(half) * T.PowerOfTwo(n - half);
    }

    /// <summary>log x: −∞ of zero, NaN of what is below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Log<T>(T x) where T : struct, ILanes<T>
    {
        const float LeastNormal = 1.17549435e-38f;

        var normal = T.AtLeast(x, T.All(LeastNormal));
        var value = LogOfNormal(T.Select(normal, x, x * T.All(1 << 23))) - T.Select(normal, T.All(0f), T.All(23 * 0.693147181f));
        var nothing = T.Select(T.AtLeast(x, T.All(0f)), T.All(float.NegativeInfinity), T.All(float.NaN));
        value = T.Select(T.AtLeast(x, T.All(float.Epsilon)), value, nothing);
        return T.Select(T.AtMost(x, T.All(float.MaxValue)), value, x);
    }

    /// <summary>log(1 + eˣ) without overflow, and its slope 1/(1 + e⁻ˣ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (T Value, T Slope) SoftplusWithSlope<T>(T x) where T : struct, ILanes<T>
    {
        var small = Exp(T.All(0f) - T.Abs(x));
        var sum = T.All(1f) + small;
        var lost = (small - (sum - T.All(1f))) / sum; // what the rounding of the sum lost, exactly, over the sum
        var slope = T.Select(T.AtLeast(x, T.All(0f)), T.All(1f), small) / sum;
        return (T.Max(T.All(0f), x) + (LogOfNormal(sum) + lost), T.NegatedMultiplyAdd(slope, lost, slope));
    }

    /// <summary>sin 2πu and cos 2πu of u turns; whole turns are taken off exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (T Sine, T Cosine) SineAndCosineOfTurns<T>(T u) where T : struct, ILanes<T>
    {
        var turn = u - T.Round(u); // −½ to ½
        var quarters = T.Round(turn * T.All(4f));
        var angle = T.NegatedMultiplyAdd(quarters, T.All(0.25f), turn) * T.All(6.28318531f); // −π/4 to π/4
        var square = angle * angle;
        var s = T.MultiplyAdd(T.All(-1.9515295891e-4f), square, T.All(8.3321608736e-3f));
        s = T.MultiplyAdd(s, square, T.All(-1.6666654611e-1f));
        s = T.MultiplyAdd(s * square, angle, angle);
        var c = T.MultiplyAdd(T.All(2.443315711809948e-5f), square, T.All(-1.388731625493765e-3f));
        c = T.MultiplyAdd(c, square, T.All(4.166664568298827e-2f));
        c = T.MultiplyAdd(c * square, square, T.NegatedMultiplyAdd(T.All(0.5f), square, T.All(1f)));
        var away = T.Abs(quarters);
        var (opposite, beside) = (T.AtLeast(away, T.All(1.5f)), T.AtLeast(away, T.All(0.5f)));
        var none = T.All(0f);
        return (
            T.Select(opposite, none - s, T.Select(beside, quarters * c, s)),
            T.Select(opposite, none - c, T.Select(beside, none - quarters * s, c)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T LogOfNormal<T>(T x) where T : struct, ILanes<T>
    {
        const float SqrtHalf = 0.707106781f;

        var (mantissa, exponent) = T.Split(x);
        var large = T.AtLeast(mantissa, T.All(SqrtHalf));
        var f = T.Select(large, mantissa, mantissa + mantissa) - T.All(1f);
        var e = T.Select(large, exponent, exponent - T.All(1f));
        var p = T.MultiplyAdd(T.All(7.0376836292e-2f), f, T.All(-1.1514610310e-1f));
        p = T.MultiplyAdd(p, f, T.All(1.1676998740e-1f));
        p = T.MultiplyAdd(p, f, T.All(-1.2420140846e-1f));
        p = T.MultiplyAdd(p, f, T.All(1.4249322787e-1f));
        p = T.MultiplyAdd(p, f, T.All(-1.6668057665e-1f));
        p = T.MultiplyAdd(p, f, T.All(2.0000714765e-1f));
        p = T.MultiplyAdd(p, f, T.All(-2.4999993993e-1f));
        p = T.MultiplyAdd(p, f, T.All(3.3333331174e-1f));
        var square = f * f;
        var tail = T.MultiplyAdd(e, T.All(-2.12194440e-4f), p * f * square);
        tail = T.MultiplyAdd(square, T.All(-0.5f), tail);
        return T.MultiplyAdd(e, T.All(0.693359375f), f + tail);
    }
}
