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
    internal static double Log(double x)
    {
        if (!(x > 0) || double.IsPositiveInfinity(x)) return x == 0 ? double.NegativeInfinity : x > 0 ? x : double.NaN;
        var exponent = Math.ILogB(x);
        var mantissa = Math.ScaleB(x, -exponent);
        if (mantissa > 1.4142135623730951) (mantissa, exponent) = (mantissa / 2, exponent + 1);
        var f = mantissa - 1;
        var s = f / (2 + f);
        var z = s * s;
        var series = z * (0.6666666666666735130 + z * (0.3999999999940941908 + z * (0.2857142874366239149 + z * (0.2222219843214978396
            + z * (0.1818357216161805012 + z * (0.1531383769920937332 + z * 0.1479819860511658591))))));
        var half = 0.5 * f * f;
        return exponent * Ln2High - (half - (s * (half + series) + exponent * Ln2Low) - f);
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
        var turn = u - Math.Round(u);
        var quarters = Math.Round(turn * 4);
        var angle = (turn - quarters / 4) * (2 * Math.PI); // −π/4 to π/4
        var z = angle * angle;
        var sine = angle + angle * z * (-1.66666666666666324348e-01 + z * (8.33333333332248946124e-03 + z * (-1.98412698298579493134e-04
            + z * (2.75573137070700676789e-06 + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)))));
        var cosine = 1 - 0.5 * z + z * z * (4.16666666666666019037e-02 + z * (-1.38888888888741095749e-03 + z * (2.48015872894767294178e-05
            + z * (-2.75573143513906633035e-07 + z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11)))));
        return quarters switch
        {
            0 => (sine, cosine),
            1 => (cosine, -sine),
            -1 => (-cosine, sine),
            _ => (-sine, -cosine),
        };
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
}
