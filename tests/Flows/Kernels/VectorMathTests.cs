using System.Runtime.Intrinsics.X86;
using FlowGrain.Flows.Kernels;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Tests.Flows.Kernels;

/// <summary>The elementary functions against float64, over every thousandth float there is and the borders between their cases.</summary>
public sealed class VectorMathTests
{
    private const double MostUlps = 2;
    private const uint Stride = 1009; // prime, so that no bit of the mantissa stays the same

    private static readonly float[] Borders =
    [
        0f, -0f, 1f, -1f, float.Epsilon, -float.Epsilon, 1.17549435e-38f, 1.17549421e-38f, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity,
        -104f, -103.97208f, -103.9f, -87.33655f, -87.4f, 88.72283f, 88.722836f, 88.73f, 89f, 0.707106781f, 0.70710677f, 0.7071068f, 16777216f, 1e-8f, -1e-8f,
    ];

    public static TheoryData<int> Widths => Avx512F.IsSupported ? [8, 16] : [8];

    [Theory, MemberData(nameof(Widths))]
    public void Exp_is_within_two_units_in_the_last_place(int width) => RequireClose(width, Function.Exp, Math.Exp);

    [Theory, MemberData(nameof(Widths))]
    public void Log_is_within_two_units_in_the_last_place(int width) => RequireClose(width, Function.Log, Math.Log);

    [Theory, MemberData(nameof(Widths))]
    public void Softplus_is_within_two_units_in_the_last_place(int width) => RequireClose(width, Function.Softplus, x => x > 40 ? x : LogOnePlus(Math.Exp(x)));

    [Theory, MemberData(nameof(Widths))]
    public void The_slope_of_softplus_is_within_two_units_in_the_last_place(int width) =>
        RequireClose(width, Function.Slope, x => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x)));

    [Theory, MemberData(nameof(Widths))]
    public void The_sine_of_turns_is_within_two_units_in_the_last_place(int width) => RequireClose(width, Function.Sine, turns => PortableMath.SineAndCosineOfTurns(turns).Sine);

    [Theory, MemberData(nameof(Widths))]
    public void The_cosine_of_turns_is_within_two_units_in_the_last_place(int width) => RequireClose(width, Function.Cosine, turns => PortableMath.SineAndCosineOfTurns(turns).Cosine);

    [Fact]
    public void Both_widths_give_the_same_bits()
    {
        if (!Avx512F.IsSupported) Assert.Skip("This processor has no AVX-512.");
        float[] inputs = [.. Inputs()];
        foreach (var function in Enum.GetValues<Function>())
        {
            Assert.True(Apply(8, function, inputs).Select(BitConverter.SingleToInt32Bits).SequenceEqual(Apply(16, function, inputs).Select(BitConverter.SingleToInt32Bits)), $"{function}");
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void Not_a_number_stays_not_a_number(int width)
    {
        foreach (var function in Enum.GetValues<Function>()) Assert.All(Apply(width, function, [float.NaN, -float.NaN]), value => Assert.True(float.IsNaN(value), $"{function}: {value}"));
    }

    private static void RequireClose(int width, Function function, Func<double, double> exact)
    {
        float[] inputs = [.. Inputs()];
        var values = Apply(width, function, inputs);
        for (var i = 0; i < inputs.Length; i++)
        {
            var expected = exact(inputs[i]);
            Assert.True(Ulps(values[i], expected) <= MostUlps, $"{function}({inputs[i]:R}) is {values[i]:R}, exactly {expected:R}");
        }
    }

    /// <summary>Distance in the spacing of floats at the exact value.</summary>
    private static double Ulps(float value, double exact)
    {
        var nearest = (float)exact;
        if (value.Equals(nearest)) return 0; // both infinite, or both no number
        if (!float.IsFinite(value) || double.IsNaN(exact)) return double.PositiveInfinity;
        return Math.Abs(value - exact) / Spacing(MathF.Abs(nearest));
    }

    /// <summary>From a float down to the one before, which is the smaller of the two spacings around it.</summary>
    private static double Spacing(float size) => size == 0 ? float.Epsilon : (double)size - MathF.BitDecrement(size);

    private static double LogOnePlus(double y) => y < 1e-5 ? y - y * y / 2 + y * y * y / 3 : Math.Log(1 + y);

    private static IEnumerable<float> Inputs()
    {
        foreach (var border in Borders) yield return border;
        for (ulong bits = 0; bits <= uint.MaxValue; bits += Stride)
        {
            var value = BitConverter.UInt32BitsToSingle((uint)bits);
            if (!float.IsNaN(value)) yield return value;
        }
    }

    private static float[] Apply(int width, Function function, float[] inputs) => width == 8 ? Apply<Lanes8>(function, inputs) : Apply<Lanes16>(function, inputs);

    private static unsafe float[] Apply<T>(Function function, float[] inputs) where T : struct, ILanes<T>
    {
        var padded = new float[(inputs.Length + T.Count - 1) / T.Count * T.Count];
        inputs.CopyTo(padded, 0);
        fixed (float* at = padded)
        {
            for (var i = 0; i < padded.Length; i += T.Count)
            {
                var x = T.Load(at + i);
                T.Store(at + i, function switch
                {
                    Function.Exp => VectorMath.Exp(x),
                    Function.Log => VectorMath.Log(x),
                    Function.Softplus => VectorMath.SoftplusWithSlope(x).Value,
                    Function.Slope => VectorMath.SoftplusWithSlope(x).Slope,
                    Function.Sine => VectorMath.SineAndCosineOfTurns(x).Sine,
                    _ => VectorMath.SineAndCosineOfTurns(x).Cosine,
                });
            }
        }

        return padded[..inputs.Length];
    }

    private enum Function
    {
        Exp,
        Log,
        Softplus,
        Slope,
        Sine,
        Cosine,
    }
}
