using System.Runtime.CompilerServices;
using FlowGrain.Flows.ScalarMaps;

namespace FlowGrain.Flows.Kernels;

/// <summary><c>z = x·exp(s) + t</c> with <c>s = a r</c> and <c>r = 1 / (1 + |a|/b)</c>; parameters (t, a). See <see cref="Affine"/>.</summary>
/// <remarks>
/// Both directions leave exp(s) in the place of t and r in the place of a. Backward, with L = s and its derivative dL = −weight:
/// <c>dt = dz</c>, <c>dx = dz·exp(s)</c>, <c>ds = dz·x·exp(s) + dL</c>, <c>da = ds·r²</c>, because ds/da = 1/(1 + |a|/b)².
/// </remarks>
internal sealed unsafe class AffineKernel<T> : MapKernel<T> where T : struct, ILanes<T>
{
    private const float InverseBound = (float)(1 / AffineSpec.LogScaleBound);

    internal override int Parameters => 2;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Normalize(float* parameters, float* x, float* z, float* logDet, float* kept)
    {
        var shift = parameters;
        var raw = parameters + Tile.BlockRows;
        for (var row = 0; row < Tile.BlockRows; row += T.Count)
        {
            var r = Softness(T.Load(raw + row));
            var s = T.Load(raw + row) * r;
            var scale = VectorMath.Exp(s);
            T.Store(z + row, T.MultiplyAdd(T.Load(x + row), scale, T.Load(shift + row)));
            T.Store(logDet + row, T.Load(logDet + row) + s);
            T.Store(shift + row, scale);
            T.Store(raw + row, r);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Backward(float* parameters, float* x, float* zGradient, float* weight, float* xGradient, float* kept)
    {
        var scales = parameters;
        var softness = parameters + Tile.BlockRows;
        for (var row = 0; row < Tile.BlockRows; row += T.Count)
        {
            var (dz, scale, r) = (T.Load(zGradient + row), T.Load(scales + row), T.Load(softness + row));
            var dx = dz * scale;
            var ds = dx * T.Load(x + row) - T.Load(weight + row);
            T.Store(xGradient + row, dx);
            T.Store(parameters + row, dz);
            T.Store(softness + row, ds * r * r);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Generate(float* parameters, float* z, float* x, float* logDet, float* kept)
    {
        var shift = parameters;
        var raw = parameters + Tile.BlockRows;
        for (var row = 0; row < Tile.BlockRows; row += T.Count)
        {
            var r = Softness(T.Load(raw + row));
            var s = T.Load(raw + row) * r;
            var inverse = VectorMath.Exp(T.All(0f) - s);
            T.Store(x + row, (T.Load(z + row) - T.Load(shift + row)) * inverse);
            T.Store(logDet + row, T.Load(logDet + row) - s);
            T.Store(shift + row, T.All(1f) / inverse);
            T.Store(raw + row, r);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void BackwardFound(float* parameters, float* x, float* xGradient, float* weight, float* zGradient, float* kept)
    {
        for (var row = 0; row < Tile.BlockRows; row += T.Count) T.Store(zGradient + row, T.Load(xGradient + row) / T.Load(parameters + row));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Softness(T a) => T.All(1f) / T.MultiplyAdd(T.Abs(a), T.All(InverseBound), T.All(1f));
}
