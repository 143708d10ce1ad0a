using System.Collections.Immutable;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Transforms;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Bases;

/// <summary>A flow as a base, such as a component of a mixture of flows; see <see cref="FlowBase"/>.</summary>
/// <param name="Transforms">The chain in the Normalize direction.</param>
/// <param name="Base">The base that it leads to.</param>
public sealed record FlowBaseSpec(ImmutableArray<TransformSpec> Transforms, BaseSpec Base) : BaseSpec
{
    internal override void Declare(ParameterScope scope, FlowShape shape)
    {
        for (var i = 0; i < Transforms.Length; i++) Transforms[i].Declare(scope.In($"{i}"), shape);
        Base.Declare(scope.In("base"), shape);
    }

    internal override Capability Can(FlowShape shape) => Capabilities.Chained([.. Transforms.Select(transform => transform.Can(shape)), Base.Can(shape)]);

    internal override BaseSpec Finer() => new FlowBaseSpec([.. Transforms.Select(transform => transform.Finer())], Base.Finer());

    internal override Density Build(ViewScope views, FlowShape shape, ScalarType dtype) =>
        new FlowBase([.. Transforms.Select((transform, i) => transform.Build(views.In($"{i}"), shape, dtype))], Base.Build(views.In("base"), shape, dtype));

    internal override IEnumerable<string> Problems(FlowShape shape)
    {
        if (Transforms.IsDefaultOrEmpty) return ["flow has no transforms; give at least one."];
        return [.. Transforms.SelectMany((transform, i) => transform?.Problems(shape) ?? [$"flow: transform {i} is null."]), .. Base.Problems(shape)];
    }

    /// <summary>Whether two have equal transforms and bases.</summary>
    public bool Equals(FlowBaseSpec? other) => other is not null && Base == other.Base && Transforms.SequenceEqual(other.Transforms);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Transforms.Length, Base);
}

/// <summary>A flow: <c>log p(x) = log p_Z(g(x)) + log|det ∂g/∂x|</c>.</summary>
public sealed class FlowBase(ImmutableArray<Bijection> transforms, Density @base) : Density(@base.Dimension)
{
    /// <inheritdoc />
    public override Tensor LogProb(Tensor x, Tensor? context = null) =>
        Chain(x, (transform, value, _) => transform.Normalize(value, context), z => @base.LogProb(z, context));

    /// <inheritdoc />
    internal override Tensor LogProbInTraining(Tensor x, Tensor? context, TrainingDraw draw) =>
        Chain(x, (transform, value, i) => transform.NormalizeInTraining(value, context, draw.For(i)), z => @base.LogProbInTraining(z, context, draw.For(transforms.Length)));

    /// <inheritdoc />
    public override (Tensor X, Tensor LogProb) Sample(CounterRandom random, long first, int rows, Tensor? context = null)
    {
        using var scope = NewDisposeScope();
        var (x, logProb) = @base.Sample(random, first, rows, context);
        foreach (var transform in transforms.Reverse())
        {
            (x, var logDet) = transform.Generate(x, context);
            logProb -= logDet;
        }

        return (x.MoveToOuterDisposeScope(), logProb.MoveToOuterDisposeScope());
    }

    private Tensor Chain(Tensor x, Func<Bijection, Tensor, int, Mapped> normalize, Func<Tensor, Tensor> logProb)
    {
        using var scope = NewDisposeScope();
        var total = zeros(x.shape[0], x.dtype);
        foreach (var (i, transform) in transforms.Index())
        {
            (x, var logDet) = normalize(transform, x, i);
            total = total.Plus(logDet);
        }

        return logProb(x).Plus(total).MoveToOuterDisposeScope();
    }
}
