using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlowGrain.Flows.Numerics;

/// <summary>
/// Elementary functions in float64 with the same bits on every system, for all that a run's weights depend on: those of
/// <see cref="Math"/> are the C library's, whose last bit differs between versions.
/// </summary>
/// <remarks>
/// Additions, products and divisions alone, which IEEE 754 rounds in one way. Logarithm and exponential are within one unit in
/// the last place of the exact value, sine and cosine within 4e-16, powers within n roundings. Reductions and polynomials:
/// fdlibm (Sun Microsystems 1993).
/// </remarks>
internal static class PortableMath
{
    /// <summary>log 2π.</summary>
    internal const double LogTwoPi = 1.8378770664093455;

    private const double Ln2High = 6.93147180369123816490e-01, Ln2Low = 1.90821492927058770002e-10; // 33 bits, and the rest

    /// <summary>log x: −∞ of zero, NaN of what is below.</summary>
    internal static double Log(double x) => Log(Vector256.Create(x)).ToScalar();

    /// <summary>log of four numbers, each with the bits that it has alone.</summary>
    internal static Vector256<double> Log(Vector256<double> x)
    {
        const double LeastNormal = 2.2250738585072014e-308, TwoTo52 = 1L << 52;

        var tiny = Vector256.LessThan(x, Vector256.Create(LeastNormal));
        var bits = Vector256.ConditionalSelect(tiny, x * TwoTo52, x).AsInt64();
        // An exponent is a small whole number, written into the digits of 2⁵².
        var exponent = ((bits >>> 52) | Vector256.Create(TwoTo52).AsInt64()).AsDouble() - Vector256.Create(TwoTo52 + 1023) - Vector256.ConditionalSelect(tiny, Vector256.Create(52.0), default);
        var mantissa = ((bits & Vector256.Create(0x000FFFFFFFFFFFFF)) | Vector256.Create(0x3FF0000000000000)).AsDouble();
        var large = Vector256.GreaterThan(mantissa, Vector256.Create(1.4142135623730951));
        (mantissa, exponent) = (Vector256.ConditionalSelect(large, mantissa * 0.5, mantissa), exponent + Vector256.ConditionalSelect(large, Vector256<double>.One, default));
        var f = mantissa - Vector256<double>.One;
        var s = f / (Vector256.Create(2.0) + f);
        var z = s * s;
        var series = z * Polynomial(
            z, 0.6666666666666735130, 0.3999999999940941908, 0.2857142874366239149, 0.2222219843214978396, 0.1818357216161805012, 0.1531383769920937332, 0.1479819860511658591);
        var half = 0.5 * f * f;
        var log = exponent * Ln2High - (half - (s * (half + series) + exponent * Ln2Low) - f);
        log = Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256.Create(double.PositiveInfinity)), log, x); // infinity and NaN stay
        log = Vector256.ConditionalSelect(Vector256.LessThan(x, default), Vector256.Create(double.NaN), log);
        return Vector256.ConditionalSelect(Vector256.Equals(x, default), Vector256.Create(double.NegativeInfinity), log);
    }

    /// <summary>eˣ: 0 far below, infinite far above.</summary>
    internal static double Exp(double x)
    {
        if (double.IsNaN(x)) return x;
        var clamped = Math.Clamp(x, -750, 710);
        var n = Math.Round(clamped * 1.44269504088896338700);
        var (high, low) = (clamped - n * Ln2High, n * Ln2Low);
        var r = high - low;
        var square = r * r;
        var c = r - square * (1.66666666666666019037e-01 + square * (-2.77777777770155933842e-03 + square * (6.61375632143793436117e-05
            + square * (-1.65339022054652515390e-06 + square * 4.13813679705723846039e-08))));
        return Math.ScaleB(1 - (low - r * c / (2 - c) - high), (int)n);
    }

    /// <summary>sin 2πu and cos 2πu of u turns.</summary>
    internal static (double Sine, double Cosine) SineAndCosineOfTurns(double u)
    {
        var (sine, cosine) = SineAndCosineOfTurns(Vector256.Create(u));
        return (sine.ToScalar(), cosine.ToScalar());
    }

    /// <summary>sin 2πu and cos 2πu of four numbers of turns, each with the bits that it has alone.</summary>
    internal static (Vector256<double> Sine, Vector256<double> Cosine) SineAndCosineOfTurns(Vector256<double> u)
    {
        var turn = u - Vector256.Round(u);
        var quarters = Vector256.Round(turn * 4);
        var angle = (turn - quarters * 0.25) * (2 * Math.PI); // −π/4 to π/4
        var z = angle * angle;
        var sine = angle + angle * z * Polynomial(
            z, -1.66666666666666324348e-01, 8.33333333332248946124e-03, -1.98412698298579493134e-04, 2.75573137070700676789e-06, -2.50507602534068634195e-08, 1.58969099521155010221e-10);
        var cosine = Vector256<double>.One - 0.5 * z + z * z * Polynomial(
            z, 4.16666666666666019037e-02, -1.38888888888741095749e-03, 2.48015872894767294178e-05, -2.75573143513906633035e-07, 2.08757232129817482790e-09, -1.13596475577881948265e-11);
        var (opposite, beside) = (Vector256.Equals(Vector256.Abs(quarters), Vector256.Create(2.0)), Vector256.Equals(Vector256.Abs(quarters), Vector256<double>.One));
        return (
            Vector256.ConditionalSelect(opposite, -sine, Vector256.ConditionalSelect(beside, quarters * cosine, sine)),
            Vector256.ConditionalSelect(opposite, -cosine, Vector256.ConditionalSelect(beside, -(quarters * sine), cosine)));
    }

    /// <summary>xⁿ for n ≥ 0, by squaring.</summary>
    internal static double Power(double x, long n)
    {
        var power = 1.0;
        for (; n > 0; n >>= 1, x *= x)
        {
            if ((n & 1) == 1) power *= x;
        }

        return power;
    }

    /// <summary>c₀ + z(c₁ + z(c₂ + …)), each step a product and a sum: fused, it would have other bits where nothing fuses.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Polynomial(Vector256<double> z, params ReadOnlySpan<double> coefficients)
    {
        var value = Vector256.Create(coefficients[^1]);
        for (var i = coefficients.Length - 2; i >= 0; i--) value = Vector256.Create(coefficients[i]) + z * value;
        return value;
    }
}
