using FlowGrain.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Bases;

/// <summary>Independent normals whose means and deviations are learned; see <see cref="DiagonalNormal"/>.</summary>
/// <param name="Spread">The means begin at random within ± this: components of a mixture that began alike would stay alike.</param>
public sealed record DiagonalNormalSpec(double Spread = 0) : BaseSpec
{
    internal override void Declare(ParameterScope scope, FlowShape shape)
    {
        scope.Add("mean", new Initializer(0, Spread), shape.Dimension);
        scope.Add("log_scale", Initializer.Zero, shape.Dimension);
    }

    internal override Density Build(ViewScope views, FlowShape shape, ScalarType dtype) => new DiagonalNormal(views["mean"], views["log_scale"]);

    internal override IEnumerable<string> Problems(FlowShape shape)
    {
        if (!(Spread >= 0) || !double.IsFinite(Spread)) yield return $"diagonal-normal has a spread of {Spread}; it must be finite and not below zero.";
    }
}

/// <summary>Independent normals: <c>log p(z) = Σ (−½ ((z − μ)/σ)² − log σ − ½ log 2π)</c>, σ by its logarithm.</summary>
public sealed class DiagonalNormal(Tensor mean, Tensor logScale) : Density((int)mean.shape[0])
{
    private readonly Scalar _logNormalizer = (-0.5 * mean.shape[0] * PortableMath.LogTwoPi).ToScalar();

    /// <inheritdoc />
    public override Tensor LogProb(Tensor x, Tensor? context = null)
    {
        using var scope = NewDisposeScope();
        var deviations = (x - mean) * (-logScale).exp();
        return (-deviations.Squared().sum(1).mul(Scalars.Half) - logScale.sum()).Plus(_logNormalizer).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public override (Tensor X, Tensor LogProb) Sample(CounterRandom random, long first, int rows, Tensor? context = null)
    {
        using var scope = NewDisposeScope();
        var draws = new double[rows * Dimension];
        random.Normals(first * Dimension, draws);
        var x = (tensor(draws, rows, Dimension, mean.dtype) * logScale.exp()).Plus(mean);
        return (x.MoveToOuterDisposeScope(), LogProb(x).MoveToOuterDisposeScope());
    }
}
