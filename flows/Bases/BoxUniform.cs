using FlowGrain.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Bases;

/// <summary>A uniform density; see <see cref="BoxUniform"/>.</summary>
/// <param name="Bound">B: of [−B, B] in every column.</param>
public sealed record BoxUniformSpec(double Bound) : BaseSpec
{
    internal override Density Build(ViewScope views, FlowShape shape, ScalarType dtype) => new BoxUniform(shape.Dimension, Bound, dtype);

    internal override IEnumerable<string> Problems(FlowShape shape)
    {
        if (!(Bound > 0) || !double.IsFinite(Bound)) yield return $"box-uniform has bound {Bound}; it must be finite and above zero.";
    }
}

/// <summary>Uniform on [−B, B]^D, and nothing outside: <c>log p(z) = −D log 2B</c>, or −∞. For maps that stay inside, circular ones for instance.</summary>
public sealed class BoxUniform(int dimension, double bound, ScalarType dtype) : Density(dimension)
{
    private readonly Scalar _logDensity = (-dimension * PortableMath.Log(2 * bound)).ToScalar();
    private readonly Scalar _bound = bound.ToScalar();
    private readonly Scalar _outside = double.NegativeInfinity.ToScalar();

    /// <inheritdoc />
    public override Tensor LogProb(Tensor x, Tensor? context = null)
    {
        using var scope = NewDisposeScope();
        var nearest = (x - x).sum(1).Plus(_logDensity); // no number where the row has none
        return nearest.masked_fill(x.abs().gt(_bound).any(1), _outside).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public override (Tensor X, Tensor LogProb) Sample(CounterRandom random, long first, int rows, Tensor? context = null)
    {
        var draws = new double[rows * Dimension];
        for (var i = 0; i < draws.Length; i++) draws[i] = bound * (2 * random.Uniform(first * Dimension + i) - 1);
        var x = tensor(draws, rows, Dimension, dtype);
        return (x, LogProb(x));
    }
}
