using System.Collections.Immutable;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace FlowGrain.Flows.Bases;

/// <summary>A mixture of densities; see <see cref="Mixture"/>.</summary>
/// <param name="Components">The densities; each has parameters of its own.</param>
public sealed record MixtureSpec(ImmutableArray<BaseSpec> Components) : BaseSpec
{
    internal override void Declare(ParameterScope scope, FlowShape shape)
    {
        scope.Add("weights", Initializer.Zero, Components.Length);
        for (var i = 0; i < Components.Length; i++) Components[i].Declare(scope.In($"{i}"), shape);
    }

    internal override Capability Can(FlowShape shape) => Capabilities.Chained(Components.Select(component => component.Can(shape)));

    internal override BaseSpec Finer() => new MixtureSpec([.. Components.Select(component => component.Finer())]);

    internal override Density Build(ViewScope views, FlowShape shape, ScalarType dtype) =>
        new Mixture(shape.Dimension, views["weights"], [.. Components.Select((component, i) => component.Build(views.In($"{i}"), shape, dtype))]);

    internal override IEnumerable<string> Problems(FlowShape shape)
    {
        if (Components.IsDefaultOrEmpty) return ["mixture has no components; give at least one."];
        return Components.SelectMany((component, i) => component?.Problems(shape) ?? [$"mixture: component {i} is null."]);
    }

    /// <summary>Whether two have equal components.</summary>
    public bool Equals(MixtureSpec? other) => other is not null && Components.SequenceEqual(other.Components);

    /// <inheritdoc />
    public override int GetHashCode() => Components.Length;
}

/// <summary>A mixture: <c>log p(z) = log Σ_k w_k p_k(z)</c> with w = softmax of the weights.</summary>
public sealed class Mixture(int dimension, Tensor weights, ImmutableArray<Density> components) : Density(dimension)
{
    /// <inheritdoc />
    public override Tensor LogProb(Tensor x, Tensor? context = null) => Mixed((component, _) => component.LogProb(x, context));

    /// <inheritdoc />
    internal override Tensor LogProbInTraining(Tensor x, Tensor? context, TrainingDraw draw) =>
        Mixed((component, i) => component.LogProbInTraining(x, context, draw.For(i)));

    /// <inheritdoc />
    public override (Tensor X, Tensor LogProb) Sample(CounterRandom random, long first, int rows, Tensor? context = null)
    {
        using var scope = NewDisposeScope();
        var each = stack([.. components.Select((component, i) => component.Sample(random.At(i), first, rows, context).X)], 0);
        var choice = tensor(Choices(random.At(-1), first, rows)).view(1, rows, 1).expand(1, rows, Dimension);
        var x = each.gather(0, choice).squeeze(0);
        return (x.MoveToOuterDisposeScope(), LogProb(x, context).MoveToOuterDisposeScope());
    }

    private Tensor Mixed(Func<Density, int, Tensor> logProb)
    {
        using var scope = NewDisposeScope();
        var each = stack([.. components.Select(logProb)], 1);
        return logsumexp(each.Plus(log_softmax(weights, 0)), 1).MoveToOuterDisposeScope();
    }

    private long[] Choices(CounterRandom random, long first, int rows)
    {
        var upTo = softmax(weights.to_type(ScalarType.Float64), 0).cumsum(0).data<double>().ToArray();
        return [.. Enumerable.Range(0, rows).Select(row => random.Uniform(first + row)).Select(u => (long)Math.Min(upTo.Count(end => end <= u), upTo.Length - 1))];
    }
}
