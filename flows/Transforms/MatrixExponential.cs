using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Transforms;

/// <summary>A linear layer that is a matrix exponential; see <see cref="MatrixExponential"/>.</summary>
public sealed record MatrixExponentialSpec : TransformSpec
{
    internal override void Declare(ParameterScope scope, FlowShape shape)
    {
        scope.Add("a", Initializer.Zero, shape.Dimension, shape.Dimension);
        scope.Add("bias", Initializer.Zero, shape.Dimension);
    }

    internal override Bijection Build(ViewScope views, FlowShape shape, ScalarType dtype) => new MatrixExponential(views["a"], views["bias"]);

    internal override IEnumerable<string> Problems(FlowShape shape) => [];
}

/// <summary>A linear map of positive determinant: <c>z = exp(A) x + b</c>. log|det| = trace A; the inverse is exp(−A). Starts as the identity.</summary>
/// <remarks>
/// <para>The time-one flow of x′ = A x, so that exp((s + t) A) = exp(s A) exp(t A).</para>
/// <para>Source: Hoogeboom et al. 2020, "The Convolution Exponential", https://arxiv.org/abs/2006.01910; Xiao and Liu 2020, "Generative Flows with Matrix Exponential", https://arxiv.org/abs/2007.09651.</para>
/// </remarks>
public sealed class MatrixExponential(Tensor a, Tensor bias) : Bijection((int)bias.shape[0])
{
    /// <inheritdoc />
    protected override Mapped NormalizeCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        return new Mapped(x.matmul(a.Exponential().t()).Plus(bias), a.trace().expand(x.shape[0])).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    protected override Mapped GenerateCore(Tensor z, Tensor? context)
    {
        using var scope = NewDisposeScope();
        return new Mapped((z - bias).matmul((-a).Exponential().t()), -a.trace().expand(z.shape[0])).MoveToOuterDisposeScope();
    }
}
