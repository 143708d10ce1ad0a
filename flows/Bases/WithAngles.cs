using FlowGrain.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Bases;

/// <summary>The base of a flow with angles: each is uniform on its circle, the other columns have a base of their own. <c>log p(z) = log p_others(z) − A log 2π</c>.</summary>
/// <remarks>An angle is one wherever it is counted from: nothing is outside, and a turn more is the same.</remarks>
internal sealed class WithAngles : Density
{
    private const int Stream = -2; // beside those of the other base

    private readonly Density _others;
    private readonly int _angles;
    private readonly Tensor _onLines;
    private readonly Tensor _onCircles;
    private readonly Tensor _reassemble;
    private readonly Scalar _logDensity;
    private readonly ScalarType _dtype;

    internal WithAngles(FlowShape shape, Density others, ScalarType dtype)
        : base(shape.Dimension)
    {
        (_others, _angles, _dtype) = (others, shape.Angles.Length, dtype);
        (_onLines, _onCircles) = (Index(shape.Lines), Index(shape.Angles));
        var order = shape.Lines.AddRange(shape.Angles);
        _reassemble = Index(Enumerable.Range(0, shape.Dimension).OrderBy(position => order[position]));
        _logDensity = (-_angles * PortableMath.LogTwoPi).ToScalar();
    }

    /// <inheritdoc />
    public override Tensor LogProb(Tensor x, Tensor? context = null) => Joined(x, lines => _others.LogProb(lines, context));

    /// <inheritdoc />
    internal override Tensor LogProbInTraining(Tensor x, Tensor? context, Engines.TrainingDraw draw) => Joined(x, lines => _others.LogProbInTraining(lines, context, draw));

    /// <inheritdoc />
    public override (Tensor X, Tensor LogProb) Sample(CounterRandom random, long first, int rows, Tensor? context = null)
    {
        using var scope = NewDisposeScope();
        var (uniform, draws) = (random.At(Stream), new double[rows * _angles]);
        for (var i = 0; i < draws.Length; i++) draws[i] = Math.PI * (2 * uniform.Uniform(first * _angles + i) - 1);
        var turned = tensor(draws, rows, _angles, _dtype);
        var x = (_others.Dimension == 0 ? turned : cat([_others.Sample(random, first, rows, context).X, turned], 1)).index_select(1, _reassemble);
        return (x.MoveToOuterDisposeScope(), LogProb(x, context).MoveToOuterDisposeScope());
    }

    private Tensor Joined(Tensor x, Func<Tensor, Tensor> ofLines)
    {
        using var scope = NewDisposeScope();
        var turned = x.index_select(1, _onCircles);
        var uniform = (turned - turned).sum(1).Plus(_logDensity); // no number where an angle is none
        return (_others.Dimension == 0 ? uniform.alias() : ofLines(x.index_select(1, _onLines)).Plus(uniform)).MoveToOuterDisposeScope();
    }

    private static Tensor Index(IEnumerable<int> columns) => tensor(columns.Select(column => (long)column).ToArray());
}
