using System.Runtime.Intrinsics.X86;
using FlowGrain.Flows.Kernels;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.ScalarMaps;

namespace FlowGrain.Tests.Flows.Kernels;

/// <summary>The spline kernel alone, on splines as wild as no training makes them and on numbers that are none.</summary>
public sealed unsafe class SplineKernelTests
{
    private const int Rows = Tile.BlockRows;
    private const float Bound = 3;

    public static TheoryData<int, int, float> Splines =>
    [
        .. from width in Widths from shape in new[] { (8, 1f), (8, 3f), (8, 8f), (128, 8f) } select new TheoryDataRow<int, int, float>(width, shape.Item1, shape.Item2),
    ];

    public static TheoryData<int> AllWidths => [.. Widths];

    private static int[] Widths => Avx512F.IsSupported ? [8, 16] : [8];

    /// <summary>A million splines of eight bins in all, and as many knots of 128.</summary>
    [Theory, MemberData(nameof(Splines))]
    public void No_random_spline_leaves_its_interval_or_loses_its_digits(int width, int bins, float spread)
    {
        using var spline = Spline.Create(width, bins);
        var random = new CounterRandom(17, "splines").At(bins).At((long)spread);
        for (var block = 0; block < 340_000 / Rows * 8 / bins; block++)
        {
            random.Normals((long)block * Spline.Numbers(bins), spline.Drawn);
            foreach (ref var parameter in spline.DrawnParameters) parameter *= spread;
            foreach (ref var value in spline.DrawnValues) value *= Bound / 2;
            var (x, there) = spline.Generate(spline.DrawnValues);
            var (again, back) = spline.Normalize(x);
            for (var row = 0; row < Rows; row++)
            {
                var value = spline.DrawnValues[row];
                Assert.True(float.IsFinite(there[row]) && float.IsFinite(back[row]), $"block {block}, row {row}: log-determinants {there[row]:R} and {back[row]:R}");
                Assert.True(Math.Abs(x[row]) <= Math.Max(Math.Abs(value), Bound * (1 + 1e-6f)), $"block {block}, row {row}: {value:R} left the interval to {x[row]:R}");
                Assert.True(Math.Abs(again[row] - value) < 1e-3f, $"block {block}, row {row}: {value:R} came back as {again[row]:R}");
            }
        }
    }

    [Theory, MemberData(nameof(AllWidths))]
    public void What_is_no_number_stays_none_and_touches_no_other_row(int width)
    {
        using var spline = Spline.Create(width, 8);
        new CounterRandom(3, "nan").Normals(0, spline.Drawn);
        var (z, logDet) = spline.Normalize(spline.DrawnValues);
        var values = spline.DrawnValues.ToArray();
        values[5] = float.NaN;
        for (var logit = 0; logit < 23; logit++) spline.DrawnParameters[logit * Rows + 9] = float.NaN;
        foreach (var (results, log) in new[] { spline.Normalize(values), spline.Generate(values) })
        {
            Assert.True(float.IsNaN(results[5]), $"the value of NaN is {results[5]:R}");
            Assert.True(float.IsNaN(results[9]) && float.IsNaN(log[9]), $"the value of a spline of NaN is {results[9]:R}, its log-determinant {log[9]:R}");
        }

        var (others, otherLogs) = spline.Normalize(values);
        foreach (var row in Enumerable.Range(0, Rows).Except([5, 9])) Assert.Equal((z[row], logDet[row]), (others[row], otherLogs[row]));
    }

    [Theory, MemberData(nameof(AllWidths))]
    public void Beyond_the_bound_even_infinitely_far_the_spline_is_the_identity(int width)
    {
        using var spline = Spline.Create(width, 8);
        new CounterRandom(3, "far").Normals(0, spline.Drawn);
        float[] values = [.. Enumerable.Range(0, Rows).Select(row => (row % 4) switch { 0 => float.PositiveInfinity, 1 => float.NegativeInfinity, 2 => MathF.BitIncrement(Bound), _ => float.MinValue })];
        foreach (var (results, log) in new[] { spline.Normalize(values), spline.Generate(values) })
        {
            Assert.Equal(values, results);
            Assert.All(log, value => Assert.Equal(0, value));
        }
    }

    [Theory, MemberData(nameof(AllWidths))]
    public void Logits_of_every_size_give_finite_gradients(int width)
    {
        foreach (var size in new[] { 0f, float.Epsilon, 1e-30f, 50f, 1e4f, 1e30f, 1e38f })
        {
            using var spline = Spline.Create(width, 8);
            new CounterRandom(5, "sizes").Normals(0, spline.Drawn);
            foreach (ref var parameter in spline.DrawnParameters) parameter = Math.Clamp(parameter, -2, 2) * size;
            Assert.All(spline.Gradient(spline.DrawnValues), (value, i) => Assert.True(float.IsFinite(value), $"logits of {size}: derivative {i} is {value:R}"));
        }
    }

    /// <summary>32 splines and 32 values; both directions leave what was drawn as it is.</summary>
    private abstract class Spline(int bins) : IDisposable
    {
        private readonly AlignedBuffer _memory = new((3 * bins - 1 + 6) * Rows + 9 * Rows);

        internal float[] Drawn { get; } = new float[Numbers(bins)];

        internal Span<float> DrawnParameters => Drawn.AsSpan(0, (3 * bins - 1) * Rows);

        internal Span<float> DrawnValues => Drawn.AsSpan((3 * bins - 1) * Rows);

        internal static int Numbers(int bins) => 3 * bins * Rows;

        internal static Spline Create(int width, int bins) => width == 8 ? new Spline<Lanes8>(bins) : new Spline<Lanes16>(bins);

        internal abstract (float[] Values, float[] LogDet) Normalize(ReadOnlySpan<float> values);

        internal abstract (float[] Values, float[] LogDet) Generate(ReadOnlySpan<float> values);

        /// <summary>Derivatives of the sum of z and log-determinants in the value and the parameters.</summary>
        internal abstract float[] Gradient(ReadOnlySpan<float> values);

        public void Dispose() => _memory.Dispose();

        /// <summary>Clears what the last call left and puts the splines and these values in place.</summary>
        protected void Load(ReadOnlySpan<float> values)
        {
            _memory.Floats.Span.Clear();
            DrawnParameters.CopyTo(_memory.Floats.Span);
            values.CopyTo(new Span<float>(Column(0), Rows));
        }

        protected float* Parameters => _memory.Floats.At(0, DrawnParameters.Length);

        protected float* Kept => _memory.Floats.At(DrawnParameters.Length, 9 * Rows);

        protected float* Column(int index) => _memory.Floats.At(DrawnParameters.Length + (9 + index) * Rows, Rows);

        protected static float[] Copy(float* column) => new Span<float>(column, Rows).ToArray();
    }

    private sealed class Spline<T>(int bins) : Spline(bins) where T : struct, ILanes<T>
    {
        private readonly SplineKernel<T> _kernel = new(new RationalQuadraticSpec(bins, Bound));

        internal override (float[] Values, float[] LogDet) Normalize(ReadOnlySpan<float> values)
        {
            Load(values);
            _kernel.Normalize(Parameters, Column(0), Column(1), Column(2), Kept);
            return (Copy(Column(1)), Copy(Column(2)));
        }

        internal override (float[] Values, float[] LogDet) Generate(ReadOnlySpan<float> values)
        {
            Load(values);
            _kernel.Generate(Parameters, Column(0), Column(1), Column(2), Kept);
            return (Copy(Column(1)), Copy(Column(2)));
        }

        internal override float[] Gradient(ReadOnlySpan<float> values)
        {
            Load(values);
            _kernel.Normalize(Parameters, Column(0), Column(1), Column(2), Kept);
            new Span<float>(Column(3), Rows).Fill(1);
            new Span<float>(Column(4), Rows).Fill(-1);
            _kernel.Backward(Parameters, Column(0), Column(3), Column(4), Column(5), Kept);
            return [.. Copy(Column(5)), .. new Span<float>(Parameters, DrawnParameters.Length)];
        }
    }
}
