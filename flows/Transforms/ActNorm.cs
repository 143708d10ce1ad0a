using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Transforms;

/// <summary>A scale and a shift of each column; see <see cref="ActNorm"/>.</summary>
public sealed record ActNormSpec : TransformSpec
{
    internal override void Declare(ParameterScope scope, FlowShape shape)
    {
        scope.Add("log_scale", Initializer.Zero, shape.Dimension);
        scope.Add("bias", Initializer.Zero, shape.Dimension);
    }

    internal override Bijection Build(ViewScope views, FlowShape shape, ScalarType dtype) => new ActNorm(views["log_scale"], views["bias"]);

    internal override IEnumerable<string> Problems(FlowShape shape) => [];
}

/// <summary>Scales and shifts every column by parameters of its own: <c>z = x exp(s) + b</c>. log|det| = Σ s.</summary>
/// <remarks>
/// <para>It should begin such that what leaves it has mean 0 and deviation 1. In our flows it does as the identity: the standardisation before it is fitted to
/// all training rows by the run, not to a batch by a worker, and layers between begin as the identity or change the order of columns.</para>
/// <para>Source: Kingma and Dhariwal 2018, "Glow", https://arxiv.org/abs/1807.03039, section 3.1.</para>
/// </remarks>
public sealed class ActNorm(Tensor logScale, Tensor bias) : Bijection((int)bias.shape[0])
{
    /// <inheritdoc />
    protected override Mapped NormalizeCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        return new Mapped((x * logScale.exp()).Plus(bias), logScale.sum().expand(x.shape[0])).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    protected override Mapped GenerateCore(Tensor z, Tensor? context)
    {
        using var scope = NewDisposeScope();
        return new Mapped((z - bias) * (-logScale).exp(), -logScale.sum().expand(z.shape[0])).MoveToOuterDisposeScope();
    }
}
