using FlowGrain.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Transforms;

/// <summary>
/// A net that moves no two rows further apart than they are: every matrix W is scaled to <c>W · c/max(c, σ(W))</c> with c = 0.97 and σ its
/// largest singular value, and between them stand sines, whose slope is at most 1.
/// </summary>
/// <remarks>
/// The context enters the first layer without a bound: the map of a row given its context is what must not stretch. A sine
/// bends where it is steep, which the gradient of a log-determinant needs, and costs two operations with its slope, where
/// LipSwish, x sigmoid(βx)/1.1, takes eleven: a step of training takes half of the time. Source: Chen et al. 2019, "Residual Flows for
/// Invertible Generative Modeling", https://arxiv.org/abs/1906.02735, section 3.3; Sitzmann et al. 2020, "Implicit Neural
/// Representations with Periodic Activation Functions", https://arxiv.org/abs/2006.09661.
/// </remarks>
internal sealed class LipschitzNet(ViewScope views, int layers)
{
    /// <summary>What the norm of every matrix is held to.</summary>
    internal const double Bound = 0.97;

    private static readonly Scalar BoundScalar = Bound.ToScalar();

    internal static void Declare(ParameterScope scope, FlowShape shape, int hidden, int layers)
    {
        for (var layer = 0; layer < layers; layer++)
        {
            var inputs = layer == 0 ? shape.Dimension : hidden;
            scope.Add($"{layer}.weight", Initializer.FanIn(inputs), hidden, inputs);
            scope.Add($"{layer}.bias", Initializer.FanIn(inputs), hidden);
        }

        if (shape.Context > 0) scope.Add("context", Initializer.FanIn(shape.Context), hidden, shape.Context);
        scope.Add("out.weight", Initializer.Zero, shape.Dimension, hidden);
        scope.Add("out.bias", Initializer.Zero, shape.Dimension);
    }

    /// <summary>The matrices in their bounds, first to last.</summary>
    internal Tensor[] Matrices() => [.. Enumerable.Range(0, layers).Select(layer => Bounded(views[$"{layer}.weight"])), Bounded(views["out.weight"])];

    /// <summary>The net's values <c>[B, D]</c>, and the slopes <c>[B, H]</c> of its hidden units.</summary>
    internal (Tensor Value, Tensor[] Slopes) At(Tensor x, Tensor? context, Tensor[] matrices)
    {
        var (h, slopes) = (x, new Tensor[layers]);
        for (var layer = 0; layer < layers; layer++)
        {
            var inner = h.Linear(matrices[layer], views[$"{layer}.bias"]);
            if (layer == 0 && context is not null) inner = inner.Plus(context.Linear(views["context"]));
            (h, slopes[layer]) = (inner.sin(), inner.cos());
        }

        return (h.Linear(matrices[layers], views["out.bias"]), slopes);
    }

    /// <summary>The Jacobian of every row, transposed: <c>[B, D, D]</c>, of input and output.</summary>
    internal static Tensor Jacobian(Tensor[] matrices, Tensor[] slopes)
    {
        var (rows, dimension) = (slopes[0].shape[0], matrices[0].shape[1]);
        var moved = slopes[0].unsqueeze(1) * matrices[0].t().unsqueeze(0);
        for (var layer = 1; layer < slopes.Length; layer++)
            moved = moved.flatten(0, 1).Linear(matrices[layer]).view(rows, dimension, matrices[layer].shape[0]) * slopes[layer].unsqueeze(1);
        return moved.flatten(0, 1).Linear(matrices[^1]).view(rows, dimension, dimension);
    }

    /// <summary>J v for a vector of each row, <c>[B, D]</c>.</summary>
    internal static Tensor Forward(Tensor[] matrices, Tensor[] slopes, Tensor vectors)
    {
        for (var layer = 0; layer < slopes.Length; layer++) vectors = vectors.Linear(matrices[layer]) * slopes[layer];
        return vectors.Linear(matrices[^1]);
    }

    /// <summary>vᵀ J for a vector of each row, <c>[B, D]</c>.</summary>
    internal static Tensor Backward(Tensor[] matrices, Tensor[] slopes, Tensor vectors)
    {
        for (var layer = slopes.Length - 1; layer >= 0; layer--) vectors = vectors.Linear(matrices[layer + 1].t()) * slopes[layer];
        return vectors.Linear(matrices[0].t());
    }

    private static Tensor Bounded(Tensor matrix) => matrix.mul(BoundScalar) / SpectralNorm.Of(matrix).clamp_min(BoundScalar);
}
