using FlowGrain.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Bases;

/// <summary>Independent standard normals.</summary>
public sealed record StandardNormalSpec : BaseSpec
{
    internal override Density Build(ViewScope views, FlowShape shape, ScalarType dtype) => new StandardNormal(shape.Dimension, dtype);
}

/// <summary>Independent standard normals: <c>log p(z) = −½ Σ z² − ½ D log 2π</c>.</summary>
public sealed class StandardNormal(int dimension, ScalarType dtype) : Density(dimension)
{
    private readonly Scalar _logNormalizer = (0.5 * dimension * PortableMath.LogTwoPi).ToScalar();

    /// <inheritdoc />
    public override Tensor LogProb(Tensor x, Tensor? context = null)
    {
        using var scope = NewDisposeScope();
        return (-x.Squared().sum(1).mul(Scalars.Half).Plus(_logNormalizer)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public override (Tensor X, Tensor LogProb) Sample(CounterRandom random, long first, int rows, Tensor? context = null)
    {
        var draws = new double[rows * Dimension];
        Draw(random, first, draws);
        var z = tensor(draws, rows, Dimension, dtype);
        return (z, LogProb(z));
    }

    /// <summary>The draws from number <paramref name="first"/> on, row-major <c>[rows, D]</c>.</summary>
    internal void Draw(CounterRandom random, long first, Span<double> draws)
    {
        for (var i = 0; i < draws.Length; i++) draws[i] = random.Normal(first * Dimension + i);
    }
}
