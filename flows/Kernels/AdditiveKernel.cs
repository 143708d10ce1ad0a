using System.Runtime.CompilerServices;

namespace FlowGrain.Flows.Kernels;

/// <summary><c>z = x + t</c>; see <see cref="ScalarMaps.Additive"/>. Backward: <c>dt = dz</c>, <c>dx = dz</c>.</summary>
internal sealed unsafe class AdditiveKernel<T> : MapKernel<T> where T : struct, ILanes<T>
{
    internal override int Parameters => 1;

    internal override void Normalize(float* parameters, float* x, float* z, float* logDet, float* kept) => Columns.Sum<T>(x, parameters, z);

    internal override void Backward(float* parameters, float* x, float* zGradient, float* weight, float* xGradient, float* kept)
    {
        Columns.Copy<T>(zGradient, parameters);
        Columns.Copy<T>(zGradient, xGradient);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Generate(float* parameters, float* z, float* x, float* logDet, float* kept)
    {
        for (var row = 0; row < Tile.BlockRows; row += T.Count) T.Store(x + row, T.Load(z + row) - T.Load(parameters + row));
    }

    internal override void BackwardFound(float* parameters, float* x, float* xGradient, float* weight, float* zGradient, float* kept) =>
        Columns.Copy<T>(xGradient, zGradient);
}
