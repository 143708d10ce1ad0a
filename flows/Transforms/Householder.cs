using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Transforms;

/// <summary>A linear layer by its singular values; see <see cref="Householder"/>.</summary>
public sealed record HouseholderSpec : TransformSpec
{
    internal override void Declare(ParameterScope scope, FlowShape shape)
    {
        scope.Add("left", new Initializer(0, 1), shape.Dimension, shape.Dimension);
        scope.Add("log_scale", Initializer.Zero, shape.Dimension);
        scope.Add("right", new Initializer(0, 1), shape.Dimension, shape.Dimension);
        scope.Add("bias", Initializer.Zero, shape.Dimension);
    }

    internal override Bijection Build(ViewScope views, FlowShape shape, ScalarType dtype) => new Householder(views["left"], views["log_scale"], views["right"], views["bias"]);

    internal override IEnumerable<string> Problems(FlowShape shape) => [];
}

/// <summary>A linear map of positive determinant, by its singular values: <c>z = H₁ diag(exp s) H₂ x + b</c>, H₁ and H₂ products of D reflections each. On a standard normal base every Gaussian, exactly.</summary>
/// <remarks>
/// <para>log|det| = Σ s; the inverses of H₁ and H₂ are their transposes. Starts as a rotation: along the columns themselves standardised data have deviation 1, so that no scale would move, and while the scales are equal no rotation changes anything.</para>
/// <para>Source: Tomczak and Welling 2016, "Improving Variational Auto-Encoders using Householder Flow", https://arxiv.org/abs/1611.09630; Zhang et al. 2018, https://arxiv.org/abs/1803.09327, for the singular values.</para>
/// </remarks>
public sealed class Householder(Tensor left, Tensor logScale, Tensor right, Tensor bias) : Bijection((int)bias.shape[0])
{
    /// <inheritdoc />
    protected override Mapped NormalizeCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var turned = x.matmul(Reflections.Product(right).t()) * logScale.exp();
        return new Mapped(turned.matmul(Reflections.Product(left).t()).Plus(bias), logScale.sum().expand(x.shape[0])).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    protected override Mapped GenerateCore(Tensor z, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var turned = (z - bias).matmul(Reflections.Product(left)) * (-logScale).exp();
        return new Mapped(turned.matmul(Reflections.Product(right)), -logScale.sum().expand(z.shape[0])).MoveToOuterDisposeScope();
    }
}
