using System.Collections.Immutable;

namespace FlowGrain.Flows.Kernels;

/// <summary>Reorders the columns: <c>z_i = x_order(i)</c>.</summary>
internal sealed unsafe class PermuteKernel<T>(ImmutableArray<int> order) : Kernel<T> where T : struct, ILanes<T>
{
    internal override int Kept => 0;

    internal override void Normalize(in Tile tile, Floats x, Floats z, Floats kept)
    {
        for (var block = 0; block < tile.Blocks; block++)
        {
            for (var i = 0; i < order.Length; i++) Columns.Copy<T>(x.Column(block, order.Length, order[i]), z.Column(block, order.Length, i));
        }
    }

    internal override void Backward(in Tile tile, Floats x, Floats z, Floats zGradient, Floats xGradient, Floats kept) => Generate(tile, zGradient, xGradient, kept);

    internal override void Generate(in Tile tile, Floats z, Floats x, Floats kept)
    {
        for (var block = 0; block < tile.Blocks; block++)
        {
            for (var i = 0; i < order.Length; i++) Columns.Copy<T>(z.Column(block, order.Length, i), x.Column(block, order.Length, order[i]));
        }
    }
}
