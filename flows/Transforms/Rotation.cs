using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Transforms;

/// <summary>A rotation; see <see cref="Rotation"/>.</summary>
public sealed record RotationSpec : TransformSpec
{
    internal override void Declare(ParameterScope scope, FlowShape shape) => scope.Add("a", new Initializer(0, 1), shape.Dimension, shape.Dimension);

    internal override Bijection Build(ViewScope views, FlowShape shape, ScalarType dtype) => new Rotation(views["a"]);

    internal override IEnumerable<string> Problems(FlowShape shape)
    {
        if (shape.Dimension < 2) yield return "rotation needs two columns; leave it out.";
    }
}

/// <summary>Turns rows: <c>z = exp(A − Aᵀ) x</c>. log|det| = 0; the inverse is the transpose.</summary>
/// <remarks>
/// <para>Every rotation is the exponential of an antisymmetric matrix. Starts somewhere at random, which the standard normal does not notice.</para>
/// <para>Source: Golinski et al. 2019, "Improving Normalizing Flows via Better Orthogonal Parameterizations", https://invertibleworkshop.github.io/INNF_2019; Lezcano-Casado and Martínez-Rubio 2019, https://arxiv.org/abs/1901.08428.</para>
/// </remarks>
public sealed class Rotation(Tensor a) : Bijection((int)a.shape[0])
{
    /// <inheritdoc />
    protected override Mapped NormalizeCore(Tensor x, Tensor? context) => Turned(x, matrix => matrix.t());

    /// <inheritdoc />
    protected override Mapped GenerateCore(Tensor z, Tensor? context) => Turned(z, matrix => matrix);

    private Mapped Turned(Tensor rows, Func<Tensor, Tensor> side)
    {
        using var scope = NewDisposeScope();
        var matrix = (a - a.t()).Exponential();
        return new Mapped(rows.matmul(side(matrix)), zeros(rows.shape[0], rows.dtype)).MoveToOuterDisposeScope();
    }
}
