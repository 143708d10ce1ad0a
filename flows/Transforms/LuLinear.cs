using FlowGrain.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Transforms;

/// <summary>An invertible linear layer; see <see cref="LuLinear"/>.</summary>
public sealed record LuLinearSpec : TransformSpec
{
    /// <summary>Smallest diagonal entry of U; below it solving for x would lose digits.</summary>
    internal const double MinDiagonal = 1e-3;

    /// <summary>softplus(this) + <see cref="MinDiagonal"/> = 1: the layer starts as the identity.</summary>
    internal static readonly double IdentityDiagonal = PortableMath.Log(PortableMath.Exp(1 - MinDiagonal) - 1);

    internal override void Declare(ParameterScope scope, FlowShape shape)
    {
        scope.Add("lu", Initializer.Zero, shape.Dimension, shape.Dimension);
        scope.Add("diagonal", Initializer.Constant(IdentityDiagonal), shape.Dimension);
        scope.Add("bias", Initializer.Zero, shape.Dimension);
    }

    internal override Bijection Build(ViewScope views, FlowShape shape, ScalarType dtype) =>
        new LuLinear(views["lu"], views["diagonal"], views["bias"]);

    internal override IEnumerable<string> Problems(FlowShape shape) => [];
}

/// <summary>A full linear map by its LU factors: <c>z = W x + b</c> with <c>W = L U</c>.</summary>
/// <remarks>
/// <para>L is unit lower triangular, the strict lower part of <c>lu [D, D]</c>; U has the strict upper part of <c>lu</c>
/// and the diagonal <c>softplus(diagonal) + 10⁻³ &gt; 0</c>. The diagonal of <c>lu</c> itself is not used. Starts as the identity.</para>
/// <para>log|det| = Σ log diag U. Generate solves two triangular systems.</para>
/// <para>Source: Durkan et al. 2019, "Neural Spline Flows", https://arxiv.org/abs/1906.04032, section 3.2; Oliva et al. 2018.</para>
/// </remarks>
public sealed class LuLinear(Tensor lu, Tensor diagonal, Tensor bias) : Bijection((int)bias.shape[0])
{
    private static readonly Scalar MinDiagonal = LuLinearSpec.MinDiagonal.ToScalar();

    private readonly Tensor _identity = eye(bias.shape[0], dtype: bias.dtype);

    /// <inheritdoc />
    protected override Mapped NormalizeCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var (lower, upper, logDet) = Factors();
        var z = x.Linear(lower.matmul(upper), bias);
        return new Mapped(z, logDet.expand(x.shape[0])).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    protected override Mapped GenerateCore(Tensor z, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var (lower, upper, logDet) = Factors();
        var y = linalg.solve_triangular(lower, (z - bias).t(), upper: false, unitriangular: true);
        var x = linalg.solve_triangular(upper, y, upper: true).t();
        return new Mapped(x, -logDet.expand(z.shape[0])).MoveToOuterDisposeScope();
    }

    private (Tensor Lower, Tensor Upper, Tensor LogDet) Factors()
    {
        var positive = diagonal.Softplus().Plus(MinDiagonal);
        return (lu.tril(-1).Plus(_identity), lu.triu(1).Plus(positive.diag()), positive.log().sum());
    }
}
