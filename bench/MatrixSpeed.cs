using System.Diagnostics;
using FlowGrain.Flows.Kernels;
using TorchSharp;

namespace FlowGrain.Bench;

/// <summary>GFLOP/s of the matrix tile beside MKL's.</summary>
internal static unsafe class MatrixSpeed
{
    internal static int Run()
    {
        for (var repeat = 0; repeat < 3; repeat++)
            Console.WriteLine($"MKL {Mkl():F1} GFLOP/s; lanes 8: {Ours<Lanes8>(128, 128, 128):F1}, {Ours<Lanes8>(69, 128, 128):F1}, {Ours<Lanes8>(128, 3, 128):F1}; lanes 16: {Ours<Lanes16>(128, 128, 128):F1}, {Ours<Lanes16>(69, 128, 128):F1}, {Ours<Lanes16>(128, 3, 128):F1}");
        return 0;
    }

    internal static double Mkl()
    {
        FlowGrain.Flows.Native.TorchNative.Load();
        torch.set_num_threads(1);
        using var scope = torch.NewDisposeScope();
        var (a, b) = (torch.rand(1024, 1024), torch.rand(1024, 1024));
        var best = double.MaxValue;
        for (var i = 0; i < 12; i++)
        {
            var watch = Stopwatch.GetTimestamp();
            using var c = a.matmul(b);
            best = Math.Min(best, Stopwatch.GetElapsedTime(watch).TotalSeconds);
        }

        return 2.0 * 1024 * 1024 * 1024 / best / 1e9;
    }

    private static double Ours<T>(int rows, int depth, int samples) where T : struct, ILanes<T>
    {
        var (w, h, y) = (new float[rows * depth], new float[depth * samples], new float[rows * samples]);
        var best = double.MaxValue;
        fixed (float* a = w, b = h, c = y)
        {
            for (var i = 0; i < 300; i++)
            {
                var watch = Stopwatch.GetTimestamp();
                for (var k = 0; k < 10; k++)
                    for (var block = 0; block < samples / 32; block++)
                        MatrixTile.Multiply<T, Relu<T>>(new MatrixJob
                        {
                            A = a, ARowStride = depth, AStride = 1, B = b + block * 32 * depth, BStride = 32, C = c + block * 32 * rows, CRowStride = 32, Rows = rows, Columns = 32, Depth = depth,
                        });
                best = Math.Min(best, Stopwatch.GetElapsedTime(watch).TotalSeconds / 10);
            }
        }

        return 2.0 * rows * depth * samples / best / 1e9;
    }
}
