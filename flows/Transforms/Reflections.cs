using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Transforms;

/// <summary>Orthogonal matrices as products of Householder's reflections <c>I − 2vvᵀ/‖v‖²</c>.</summary>
internal static class Reflections
{
    /// <summary>The product of a reflection for each of <c>[K, D]</c> vectors, the first leftmost: <c>[D, D]</c>. The k-th vector is e_k plus the k-th row, so that zeros, D of them, give −I.</summary>
    internal static Tensor Product(Tensor rows)
    {
        var (count, dimension) = (rows.shape[0], rows.shape[1]);
        var vectors = rows.Plus(eye(count, dimension, rows.dtype));
        var product = eye(dimension, dtype: rows.dtype);
        for (var k = 0; k < count; k++)
        {
            var vector = vectors.select(0, k);
            var length = vector.Squared().sum().clamp_min(Scalars.LeastNormal);
            product = product - (product.mv(vector).unsqueeze(1) * vector.unsqueeze(0)).mul(Scalars.Two) / length;
        }

        return product;
    }
}
