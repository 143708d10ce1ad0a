using System.Runtime.CompilerServices;

namespace FlowGrain.Flows.Kernels;

/// <summary>
/// The matrix product that every layer is made of: <c>C[r, n] = store(start[r] + Σ_k A[r, k] · B[k, n])</c>, in register
/// tiles of six rows by two registers. A is read number by number at any strides, so the same code multiplies by a matrix, by
/// its transpose, and sums weight gradients; B and C are read along n.
/// </summary>
/// <remarks>
/// Every element is one sum in the order of k that begins at its start value, whatever the tile: results depend neither on the
/// batch nor on the vector width. Where A has a <see cref="Band"/>, a tile runs over the columns of its rows' bands alone:
/// what it leaves out are products with zero. Six rows by two registers hold twelve accumulators, which hides the latency of
/// the multiply-adds; measured at 90% and more of the processor's peak. What is left below six rows is done by three, two and one,
/// each written out: accumulators stay in registers only as variables of their own.
/// </remarks>
internal static unsafe class MatrixTile
{
    /// <summary>Multiplies; <paramref name="job"/> says what.</summary>
    internal static void Multiply<T, TStore>(in MatrixJob job)
        where T : struct, ILanes<T>
        where TStore : struct, IStore<T>
    {
        job.Check(2 * T.Count);
        for (var block = 0; block < job.Blocks; block++)
        {
            for (var column = 0; column < job.Columns; column += 2 * T.Count)
            {
                Strip<T, TStore>(job, job.B + block * job.BBlockStride + column, job.C + block * job.CBlockStride + column);
            }
        }
    }

    /// <summary>All rows, in two registers of columns.</summary>
    private static void Strip<T, TStore>(in MatrixJob job, float* b, float* c)
        where T : struct, ILanes<T>
        where TStore : struct, IStore<T>
    {
        var (row, end) = (job.FirstRow, job.FirstRow + job.Rows);
        for (; row + 6 <= end; row += 6) Six<T, TStore>(job, row, job.Begin(row), job.End(row + 5), b, c);
        switch (end - row)
        {
            case 5:
                Three<T, TStore>(job, row, job.Begin(row), job.End(row + 2), b, c);
                Two<T, TStore>(job, row + 3, job.Begin(row + 3), job.End(row + 4), b, c);
                break;
            case 4:
                Two<T, TStore>(job, row, job.Begin(row), job.End(row + 1), b, c);
                Two<T, TStore>(job, row + 2, job.Begin(row + 2), job.End(row + 3), b, c);
                break;
            case 3: Three<T, TStore>(job, row, job.Begin(row), job.End(row + 2), b, c); break;
            case 2: Two<T, TStore>(job, row, job.Begin(row), job.End(row + 1), b, c); break;
            case 1: One<T, TStore>(job, row, job.Begin(row), job.End(row), b, c); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Six<T, TStore>(in MatrixJob job, int row, int begin, int end, float* b, float* c)
        where T : struct, ILanes<T>
        where TStore : struct, IStore<T>
    {
        var (ars, aks, bks) = (job.ARowStride, job.AStride, job.BStride);
        var a0 = job.A + row * ars + begin * aks;
        var a1 = a0 + ars;
        var a2 = a1 + ars;
        var a3 = a2 + ars;
        var a4 = a3 + ars;
        var a5 = a4 + ars;
        var c00 = Start<T>(job, row);
        var c10 = Start<T>(job, row + 1);
        var c20 = Start<T>(job, row + 2);
        var c30 = Start<T>(job, row + 3);
        var c40 = Start<T>(job, row + 4);
        var c50 = Start<T>(job, row + 5);
        var (c01, c11, c21, c31, c41, c51) = (c00, c10, c20, c30, c40, c50);
        for (var group = 0; group < job.Groups; group++)
        {
            var bk = b + group * job.BGroupStride + begin * bks;
            var offset = group * job.AGroupStride;
            for (var k = begin; k < end; k++, bk += bks, offset += aks)
            {
                var (b0, b1) = (T.Load(bk), T.Load(bk + T.Count));
                var a = T.All(a0[offset]);
                (c00, c01) = (T.MultiplyAdd(a, b0, c00), T.MultiplyAdd(a, b1, c01));
                a = T.All(a1[offset]);
                (c10, c11) = (T.MultiplyAdd(a, b0, c10), T.MultiplyAdd(a, b1, c11));
                a = T.All(a2[offset]);
                (c20, c21) = (T.MultiplyAdd(a, b0, c20), T.MultiplyAdd(a, b1, c21));
                a = T.All(a3[offset]);
                (c30, c31) = (T.MultiplyAdd(a, b0, c30), T.MultiplyAdd(a, b1, c31));
                a = T.All(a4[offset]);
                (c40, c41) = (T.MultiplyAdd(a, b0, c40), T.MultiplyAdd(a, b1, c41));
                a = T.All(a5[offset]);
                (c50, c51) = (T.MultiplyAdd(a, b0, c50), T.MultiplyAdd(a, b1, c51));
            }
        }

        var crs = job.CRowStride;
        c += row * crs;
        Store<T, TStore>(job, c, c00, c01);
        Store<T, TStore>(job, c + crs, c10, c11);
        Store<T, TStore>(job, c + 2 * crs, c20, c21);
        Store<T, TStore>(job, c + 3 * crs, c30, c31);
        Store<T, TStore>(job, c + 4 * crs, c40, c41);
        Store<T, TStore>(job, c + 5 * crs, c50, c51);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Three<T, TStore>(in MatrixJob job, int row, int begin, int end, float* b, float* c)
        where T : struct, ILanes<T>
        where TStore : struct, IStore<T>
    {
        var (ars, aks, bks) = (job.ARowStride, job.AStride, job.BStride);
        var a0 = job.A + row * ars + begin * aks;
        var a1 = a0 + ars;
        var a2 = a1 + ars;
        var c00 = Start<T>(job, row);
        var c10 = Start<T>(job, row + 1);
        var c20 = Start<T>(job, row + 2);
        var (c01, c11, c21) = (c00, c10, c20);
        for (var group = 0; group < job.Groups; group++)
        {
            var bk = b + group * job.BGroupStride + begin * bks;
            var offset = group * job.AGroupStride;
            for (var k = begin; k < end; k++, bk += bks, offset += aks)
            {
                var (b0, b1) = (T.Load(bk), T.Load(bk + T.Count));
                var a = T.All(a0[offset]);
                (c00, c01) = (T.MultiplyAdd(a, b0, c00), T.MultiplyAdd(a, b1, c01));
                a = T.All(a1[offset]);
                (c10, c11) = (T.MultiplyAdd(a, b0, c10), T.MultiplyAdd(a, b1, c11));
                a = T.All(a2[offset]);
                (c20, c21) = (T.MultiplyAdd(a, b0, c20), T.MultiplyAdd(a, b1, c21));
            }
        }

        var crs = job.CRowStride;
        c += row * crs;
        Store<T, TStore>(job, c, c00, c01);
        Store<T, TStore>(job, c + crs, c10, c11);
        Store<T, TStore>(job, c + 2 * crs, c20, c21);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two<T, TStore>(in MatrixJob job, int row, int begin, int end, float* b, float* c)
        where T : struct, ILanes<T>
        where TStore : struct, IStore<T>
    {
        var (ars, aks, bks) = (job.ARowStride, job.AStride, job.BStride);
        var a0 = job.A + row * ars + begin * aks;
        var a1 = a0 + ars;
        var c00 = Start<T>(job, row);
        var c10 = Start<T>(job, row + 1);
        var (c01, c11) = (c00, c10);
        for (var group = 0; group < job.Groups; group++)
        {
            var bk = b + group * job.BGroupStride + begin * bks;
            var offset = group * job.AGroupStride;
            for (var k = begin; k < end; k++, bk += bks, offset += aks)
            {
                var (b0, b1) = (T.Load(bk), T.Load(bk + T.Count));
                var a = T.All(a0[offset]);
                (c00, c01) = (T.MultiplyAdd(a, b0, c00), T.MultiplyAdd(a, b1, c01));
                a = T.All(a1[offset]);
                (c10, c11) = (T.MultiplyAdd(a, b0, c10), T.MultiplyAdd(a, b1, c11));
            }
        }

        var crs = job.CRowStride;
        c += row * crs;
        Store<T, TStore>(job, c, c00, c01);
        Store<T, TStore>(job, c + crs, c10, c11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<T, TStore>(in MatrixJob job, int row, int begin, int end, float* b, float* c)
        where T : struct, ILanes<T>
        where TStore : struct, IStore<T>
    {
        var (ars, aks, bks) = (job.ARowStride, job.AStride, job.BStride);
        var a0 = job.A + row * ars + begin * aks;
        var c00 = Start<T>(job, row);
        var c01 = c00;
        for (var group = 0; group < job.Groups; group++)
        {
            var bk = b + group * job.BGroupStride + begin * bks;
            var offset = group * job.AGroupStride;
            for (var k = begin; k < end; k++, bk += bks, offset += aks)
            {
                var (b0, b1) = (T.Load(bk), T.Load(bk + T.Count));
                var a = T.All(a0[offset]);
                (c00, c01) = (T.MultiplyAdd(a, b0, c00), T.MultiplyAdd(a, b1, c01));
            }
        }

        c += row * job.CRowStride;
        Store<T, TStore>(job, c, c00, c01);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Start<T>(in MatrixJob job, int row) where T : struct, ILanes<T> => T.All(job.Start == null ? 0f : job.Start[row]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T, TStore>(in MatrixJob job, float* c, T first, T second)
        where T : struct, ILanes<T>
        where TStore : struct, IStore<T>
    {
        TStore.Store(c, job.Companion, first);
        TStore.Store(c + T.Count, job.Companion, second);
    }
}
