using System.Runtime.Intrinsics.X86;
using FlowGrain.Flows.Kernels;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Tests.Flows.Kernels;

/// <summary>The matrix tile at odd sizes and unaligned places, bit for bit against sums in the order of k.</summary>
public sealed unsafe class MatrixTileTests
{
    private const int Columns = 32;

    private static readonly int[] Rows = [0, 1, 2, 3, 4, 5, 6, 7, 11, 13];
    private static readonly int[] Depths = [0, 1, 2, 7, 33];

    public static TheoryData<int, bool> Cases => [.. from width in Avx512F.IsSupported ? [8, 16] : new[] { 8 } from transposed in new[] { false, true } select new TheoryDataRow<int, bool>(width, transposed)];

    [Theory, MemberData(nameof(Cases))]
    public void Every_element_is_one_fused_sum_in_the_order_of_k(int width, bool transposed)
    {
        foreach (var rows in Rows)
        {
            foreach (var depth in Depths) Check(width, new Shape(rows, depth, Groups: 1, transposed), band: null);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Groups_continue_the_sum(int width, bool transposed)
    {
        foreach (var rows in Rows) Check(width, new Shape(rows, Depth: 5, Groups: 3, transposed), band: null);
    }

    [Theory, MemberData(nameof(Cases))]
    public void What_lies_outside_of_a_band_changes_nothing(int width, bool transposed)
    {
        foreach (var size in Rows.Where(size => size > 0))
        {
            Check(width, new Shape(size, size, Groups: 1, transposed), Band.Lower(size));
            Check(width, new Shape(size, size, Groups: 1, transposed), Band.Upper(size));
        }
    }

    private static void Check(int width, Shape shape, Band? band)
    {
        if (width == 8) Check<Lanes8>(shape, band);
        else Check<Lanes16>(shape, band);
    }

    private static void Check<T>(Shape shape, Band? band) where T : struct, ILanes<T>
    {
        const int Unaligned = 1; // floats beyond a cache line
        var (a, b, start) = (Numbers("a", shape.Rows * shape.Inner), Numbers("b", shape.Inner * Columns), Numbers("start", shape.Rows));
        for (var i = 0; i < a.Length; i++)
        {
            var (row, k) = shape.PlaceInA(i);
            if (band is not null && (k < band.Begin(row) || k >= band.End(row))) a[i] = 0;
        }

        using var memory = new AlignedBuffer(a.Length + b.Length + start.Length + shape.Rows * Columns + 4 * Unaligned);
        var regions = memory.Floats.Slice(Unaligned, memory.Floats.Length - Unaligned);
        var aAt = Put(ref regions, a);
        var bAt = Put(ref regions, b);
        var startAt = Put(ref regions, start);
        var c = regions.Slice(0, shape.Rows * Columns);
        MatrixTile.Multiply<T, Assign<T>>(new MatrixJob
        {
            A = aAt,
            ARowStride = shape.Transposed ? 1 : shape.Inner,
            AStride = shape.Transposed ? shape.Rows : 1,
            AGroupStride = shape.Transposed ? shape.Rows * shape.Depth : shape.Depth,
            B = bAt,
            BStride = Columns,
            BGroupStride = shape.Depth * Columns,
            C = c.At(0, c.Length),
            CRowStride = Columns,
            Start = startAt,
            Rows = shape.Rows,
            Columns = Columns,
            Depth = shape.Depth,
            Groups = shape.Groups,
            Band = band,
        });
        for (var i = 0; i < c.Length; i++) Assert.Equal(shape.Sum(a, b, start, i / Columns, i % Columns), c.Span[i]);
    }

    private static float* Put(ref Floats free, float[] values)
    {
        values.CopyTo(free.Span);
        var at = free.At(0, values.Length);
        free = free.Slice(values.Length, free.Length - values.Length);
        return at;
    }

    private static float[] Numbers(string name, int count)
    {
        var random = new CounterRandom(3, name);
        return [.. Enumerable.Range(0, count).Select(i => (float)random.Normal(i))];
    }

    private sealed record Shape(int Rows, int Depth, int Groups, bool Transposed)
    {
        /// <summary>Numbers in the sum of an element.</summary>
        internal int Inner => Depth * Groups;

        internal (int Row, int K) PlaceInA(int index) => Transposed ? (index % Rows, index / Rows) : (index / Inner, index % Inner);

        internal float Sum(float[] a, float[] b, float[] start, int row, int column)
        {
            var sum = start[row];
            for (var k = 0; k < Inner; k++) sum = MathF.FusedMultiplyAdd(a[Transposed ? k * Rows + row : row * Inner + k], b[k * Columns + column], sum);
            return sum;
        }
    }
}
