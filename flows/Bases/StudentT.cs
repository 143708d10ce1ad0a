using FlowGrain.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Bases;

/// <summary>Independent Student t distributions; see <see cref="StudentT"/>.</summary>
/// <param name="Freedom">Degrees of freedom ν that each column begins with; they are learned.</param>
public sealed record StudentTSpec(double Freedom = 5) : BaseSpec
{
    internal override void Declare(ParameterScope scope, FlowShape shape) => scope.Add("log_freedom", Initializer.Constant(PortableMath.Log(Freedom)), shape.Dimension);

    internal override Density Build(ViewScope views, FlowShape shape, ScalarType dtype) => new StudentT(views["log_freedom"]);

    internal override IEnumerable<string> Problems(FlowShape shape)
    {
        if (!(Freedom > 0) || !double.IsFinite(Freedom)) yield return $"student-t has {Freedom} degrees of freedom; they must be finite and above zero.";
    }
}

/// <summary>Independent Student t distributions, for tails that are heavier than a normal's: <c>log p(z) = Σ (log Γ((ν+1)/2) − log Γ(ν/2) − ½ log πν − (ν+1)/2 log(1 + z²/ν))</c>, ν by its logarithm.</summary>
/// <remarks>Draws are by Bailey 1994, "Polar generation of random variates with the t-distribution", <c>t = √(ν (u^(−2/ν) − 1)) cos 2πv</c>. Source of the base: Alexanderson and Henter 2020, https://arxiv.org/abs/2007.00674.</remarks>
public sealed class StudentT(Tensor logFreedom) : Density((int)logFreedom.shape[0])
{
    private readonly Scalar _logPi = PortableMath.Log(Math.PI).ToScalar();

    /// <inheritdoc />
    public override Tensor LogProb(Tensor x, Tensor? context = null)
    {
        using var scope = NewDisposeScope();
        var log = logFreedom.to_type(ScalarType.Float64); // of large ν the two logarithms nearly cancel
        var freedom = log.exp();
        var above = freedom.Plus(Scalars.One).mul(Scalars.Half);
        var constant = (above.lgamma() - freedom.mul(Scalars.Half).lgamma() - log.Plus(_logPi).mul(Scalars.Half)).to_type(x.dtype);
        return (constant - above.to_type(x.dtype) * (x.Squared() / freedom.to_type(x.dtype)).log1p()).sum(1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public override (Tensor X, Tensor LogProb) Sample(CounterRandom random, long first, int rows, Tensor? context = null)
    {
        using var scope = NewDisposeScope();
        var (u, v) = (new double[rows * Dimension], new double[rows * Dimension]);
        for (var i = 0; i < u.Length; i++) (u[i], v[i]) = (1 - random.Uniform(2 * (first * Dimension + i)), random.Uniform(2 * (first * Dimension + i) + 1));
        var freedom = logFreedom.to_type(ScalarType.Float64).exp();
        var radius = (freedom * (tensor(u, rows, Dimension).log() * Scalars.Two / -freedom).expm1()).sqrt();
        var x = (radius * (tensor(v, rows, Dimension) * Scalars.Turn).cos()).to_type(logFreedom.dtype);
        return (x.MoveToOuterDisposeScope(), LogProb(x).MoveToOuterDisposeScope());
    }
}
