using FlowGrain.Flows.Numerics;

namespace FlowGrain.Tests.Flows.Numerics;

/// <summary>Near the C library's, which is within one unit in the last place of the exact value, and with bits that never change.</summary>
public sealed class PortableMathTests
{
    private const int Draws = 100_000;
    private const double MostUlps = 2; // one each

    private static readonly CounterRandom Random = new(3, "portable");

    [Fact]
    public void Log_is_within_a_unit_in_the_last_place() =>
        RequireClose(PortableMath.Log, Math.Log, i => BitConverter.UInt64BitsToDouble(Random.Bits(i) % 0x7FF0000000000000));

    [Fact]
    public void Log_near_one_loses_no_digits() => RequireClose(PortableMath.Log, Math.Log, i => 1 + (Random.Uniform(i) - 0.5) * Math.Pow(2, -(i % 50)));

    [Fact]
    public void Exp_is_within_a_unit_in_the_last_place() => RequireClose(PortableMath.Exp, Math.Exp, i => 1400 * (Random.Uniform(i) - 0.5));

    [Fact]
    public void Sine_and_cosine_of_turns_are_those_of_the_angle()
    {
        for (var i = 0; i < Draws; i++)
        {
            var u = Random.Uniform(i) * 20 - 10;
            var (sine, cosine) = PortableMath.SineAndCosineOfTurns(u);
            var angle = 2 * Math.PI * (u - Math.Round(u));
            Assert.Equal(Math.Sin(angle), sine, 4e-16);
            Assert.Equal(Math.Cos(angle), cosine, 4e-16);
        }
    }

    [Fact]
    public void Quarter_turns_are_exact()
    {
        Assert.Equal([(0, 1), (1, 0), (-0.0, -1), (-1, 0), (0, 1)], new[] { 0, 0.25, 0.5, -0.25, 1e6 }.Select(PortableMath.SineAndCosineOfTurns));
    }

    [Theory]
    [InlineData(0.9, 0)]
    [InlineData(0.9, 1)]
    [InlineData(0.999, 3000)]
    [InlineData(0.999, 1_000_000)]
    [InlineData(-2, 31)]
    public void Powers_are_repeated_products(double x, long n) => Assert.Equal(Math.Pow(x, n), PortableMath.Power(x, n), Math.Abs(Math.Pow(x, n)) * 1e-10);

    [Fact]
    public void The_ends_of_the_scale_are_answered()
    {
        Assert.Equal([double.NegativeInfinity, double.NaN, double.PositiveInfinity, double.NaN], new[] { 0, -1, double.PositiveInfinity, double.NaN }.Select(PortableMath.Log));
        Assert.Equal([0, double.PositiveInfinity, 1, double.NaN], new[] { double.NegativeInfinity, double.PositiveInfinity, 0, double.NaN }.Select(PortableMath.Exp));
    }

    [Fact]
    public void The_bits_never_change()
    {
        Assert.Equal(0x3FE62E42FEFA39EF, BitConverter.DoubleToInt64Bits(PortableMath.Log(2)));
        Assert.Equal(0x4005BF0A8B14576A, BitConverter.DoubleToInt64Bits(PortableMath.Exp(1)));
        var (sine, cosine) = PortableMath.SineAndCosineOfTurns(0.1);
        Assert.Equal((4603469518431672926, 4605462196814083239), (BitConverter.DoubleToInt64Bits(sine), BitConverter.DoubleToInt64Bits(cosine)));
        Assert.Equal(4587325132046522654, BitConverter.DoubleToInt64Bits(PortableMath.Power(0.999, 3000)));
        Assert.Equal(PortableMath.LogTwoPi, Math.Log(2 * Math.PI), 3e-16);
    }

    private static void RequireClose(Func<double, double> portable, Func<double, double> library, Func<long, double> draw)
    {
        for (var i = 0; i < Draws; i++)
        {
            var x = draw(i);
            var (value, expected) = (portable(x), library(x));
            Assert.True(Math.Abs(value - expected) <= MostUlps * (Math.BitIncrement(Math.Abs(expected)) - Math.Abs(expected)), $"of {x:R}: {value:R}, else {expected:R}");
        }
    }
}
