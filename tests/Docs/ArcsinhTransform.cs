using FlowGrain.Flows;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Transforms;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Docs;

/// <summary>The transform that docs/extending.md makes; see <see cref="Arcsinh"/>.</summary>
public sealed record ArcsinhSpec : TransformSpec
{
    internal override void Declare(ParameterScope scope, FlowShape shape) => scope.Add("log_scale", Initializer.Zero, shape.Dimension);

    internal override Bijection Build(ViewScope views, FlowShape shape, ScalarType dtype) => new Arcsinh(views["log_scale"]);

    internal override IEnumerable<string> Problems(FlowShape shape) => [];
}

/// <summary>Draws tails in: <c>z = arcsinh(x exp(s))</c>. log|det| = Σ s − ½ log(1 + (x exp(s))²).</summary>
/// <remarks>Parameters: log-scale s, <c>[D]</c>. Exact inverse: <c>x = sinh(z) exp(−s)</c>.</remarks>
public sealed class Arcsinh(Tensor logScale) : Bijection((int)logScale.shape[0])
{
    /// <inheritdoc />
    protected override Mapped NormalizeCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var y = x * logScale.exp();
        return new Mapped(y.arcsinh(), LogDet(y)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    protected override Mapped GenerateCore(Tensor z, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var y = z.sinh();
        return new Mapped(y * (-logScale).exp(), -LogDet(y)).MoveToOuterDisposeScope();
    }

    private Tensor LogDet(Tensor y) => (logScale - y.Squared().log1p().mul(Scalars.Half)).sum(1);
}
