using System.Collections.Immutable;
using FlowGrain.Flows.Bases;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Objectives;
using FlowGrain.Flows.Tables;
using FlowGrain.Flows.Transforms;
using static TorchSharp.torch;

namespace FlowGrain.Flows;

/// <summary>
/// A normalizing flow: <c>log p(x) = log p_Z(g(x)) + log|det ∂g/∂x|</c> with g the chain of transforms of its
/// <see cref="FlowSpec"/>, op by op in TorchSharp over one flat parameter buffer.
/// </summary>
/// <remarks>Rows and contexts are in the units of the data, encoded by a <see cref="RowEncoder"/> where the spec has a table. Where a value is missing the density counts what stands for it as a draw of the base; see <see cref="MissingWorth"/>. Not safe for two threads at once: give each thread its own.</remarks>
public sealed class Flow : Density, IDisposable
{
    private readonly ImmutableArray<Bijection> _transforms;
    private readonly Standardize? _contextScaling;
    private readonly Conditioner? _embedding;
    private readonly Categorical? _categories;

    private Flow(FlowSpec spec, ScalarType dtype)
        : base(spec.Columns.Length)
    {
        Spec = spec;
        Parameters = new ParameterViews(spec.Layout(), dtype);
        _transforms = [.. spec.Transforms.Select((transform, i) => transform.Build(Parameters.In($"{i}"), spec.Shape(), dtype))];
        _embedding = spec.Embedding?.Net.Build(Parameters.In("embedding"));
        _contextScaling = spec.ContextScaling is { } scaling ? new Standardize(scaling, dtype) : null;
        var onLines = spec.Base.Build(Parameters.In("base"), spec.BaseShape(), dtype);
        Base = spec.Shape().Circles is null ? onLines : new WithAngles(spec.Shape(), onLines, dtype);
        _categories = spec.Categories is { } categories ? new Categorical(categories, spec.Table!) : null;
    }

    /// <summary>What it was built from.</summary>
    public FlowSpec Spec { get; }

    /// <summary>Its parameters and their gradients.</summary>
    public ParameterViews Parameters { get; }

    /// <summary>The density of the base.</summary>
    internal Density Base { get; }

    /// <summary>The transforms that may have parameters.</summary>
    internal ImmutableArray<Bijection> Learned => _transforms[Spec.FirstLearned..];

    /// <summary>Builds a flow with the initial weights of its spec.</summary>
    /// <exception cref="ArgumentException">The spec cannot be built; see <see cref="FlowSpec.Validated"/>.</exception>
    public static Flow Build(FlowSpec spec, ScalarType dtype = ScalarType.Float32)
    {
        var flow = new Flow(spec.Validated(), dtype);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        flow.Parameters.Values.copy_(tensor(flow.Parameters.Layout.Initialize(spec.Seed), dtype));
        return flow;
    }

    /// <inheritdoc />
    public override Tensor LogProb(Tensor x, Tensor? context = null)
    {
        using var scope = NewDisposeScope();
        var (z, logDet) = Normalize(x, context);
        return WithCategories(LogProbOf(z, logDet, context), context).MoveToOuterDisposeScope();
    }

    /// <summary>The log-density of rows that <see cref="Normalize"/> brought to <paramref name="z"/>; given their categories, where some are modelled.</summary>
    internal Tensor LogProbOf(Tensor z, Tensor logDet, Tensor? context)
    {
        using var scope = NewDisposeScope();
        return Base.LogProb(z, Scaled(context)).Plus(logDet).MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="LogProbOf"/>; see <see cref="Density.LogProbInTraining"/>.</summary>
    internal Tensor LogProbInTraining(Tensor z, Tensor logDet, Tensor? context, TrainingDraw draw)
    {
        using var scope = NewDisposeScope();
        return Base.LogProbInTraining(z, Scaled(context), draw.For(_transforms.Length)).Plus(logDet).MoveToOuterDisposeScope();
    }

    /// <summary>Draws of the base <c>[rows, D]</c>, number <paramref name="first"/> and following.</summary>
    internal Tensor Draw(CounterRandom random, long first, int rows, Tensor? context)
    {
        using var scope = NewDisposeScope();
        return Base.Sample(random, first, rows, Scaled(context)).X.MoveToOuterDisposeScope();
    }

    /// <summary>Data to base through every transform.</summary>
    public Mapped Normalize(Tensor x, Tensor? context = null) =>
        Chain(_transforms, x, context, static (transform, value, c) => transform.Normalize(value, c));

    /// <summary>The loss of the spec's objective, summed over rows, each as often as its weight <c>[B]</c> says where they have one: a scalar with a gradient.</summary>
    internal Tensor Loss(Tensor x, Tensor? context, TrainingDraw draw, Tensor? weights = null) =>
        Spec.Objective is { } objective ? objective.Loss(this, x, context, draw, weights) : MaximumLikelihood.Loss(this, x, context, draw, weights);

    /// <summary>As <see cref="Normalize"/>; see <see cref="Bijection.NormalizeInTraining"/>.</summary>
    internal Mapped NormalizeInTraining(Tensor x, Tensor? context, TrainingDraw draw)
    {
        var layer = 0;
        return Chain(_transforms, x, context, (transform, value, c) => transform.NormalizeInTraining(value, c, draw.For(layer++)));
    }

    /// <summary>Rows and context after the transforms that are fitted to the data and not learned.</summary>
    internal (Tensor Rows, Tensor? Context) Standardized(Tensor x, Tensor? context) =>
        (Chain(_transforms[..Spec.FirstLearned], x, context, static (transform, value, c) => transform.Normalize(value, c)).Value, Scaled(context));

    /// <summary>Base to data through every transform, last to first.</summary>
    public Mapped Generate(Tensor z, Tensor? context = null) =>
        Chain(_transforms.Reverse(), z, context, static (transform, value, c) => transform.Generate(value, c));

    /// <summary>Base to data, layer by layer: the values <c>[B, D]</c> of the base, and after each transform, last to first. The caller owns them.</summary>
    public IEnumerable<(TransformSpec? After, Tensor Value)> Pushforward(Tensor z, Tensor? context = null)
    {
        using var scaled = Scaled(context);
        yield return (null, z);
        for (var i = _transforms.Length - 1; i >= 0; i--)
        {
            (z, var logDet) = _transforms[i].Generate(z, scaled);
            logDet.Dispose();
            yield return (Spec.Transforms[i], z);
        }
    }

    /// <summary>Takes rows through every transform, and asks before each one what to put in its place; where that comes with rows they are those behind it.</summary>
    internal IEnumerable<TransformSpec> Through(Tensor x, Tensor? context, Func<TransformSpec, Tensor, (TransformSpec Spec, Tensor? Behind)> ask)
    {
        var (scaled, value) = (Scaled(context), x);
        for (var i = 0; i < _transforms.Length; i++)
        {
            var (spec, behind) = ask(Spec.Transforms[i], value);
            value = behind ?? _transforms[i].Normalize(value, scaled).Value;
            yield return spec;
        }
    }

    /// <inheritdoc />
    public override (Tensor X, Tensor LogProb) Sample(CounterRandom random, long first, int rows, Tensor? context = null)
    {
        using var scope = NewDisposeScope();
        var (z, logBase) = Base.Sample(random, first, rows, Scaled(context));
        var (x, logDet) = Generate(z, context);
        return (x.MoveToOuterDisposeScope(), WithCategories(logBase - logDet, context).MoveToOuterDisposeScope());
    }

    /// <inheritdoc />
    public void Dispose() => Parameters.Dispose();

    private Mapped Chain(IEnumerable<Bijection> transforms, Tensor value, Tensor? context, Func<Bijection, Tensor, Tensor?, Mapped> step)
    {
        using var scope = NewDisposeScope();
        var scaled = Scaled(context);
        Tensor? total = null;
        foreach (var transform in transforms)
        {
            (value, var logDet) = step(transform, value, scaled);
            total = total is null ? logDet : total.Plus(logDet);
        }

        return new Mapped(value, total!).MoveToOuterDisposeScope();
    }

    private Tensor WithCategories(Tensor logProb, Tensor? context)
    {
        if (_categories is null) return logProb;
        var (given, width) = (context!.to_type(ScalarType.Float64).contiguous().data<double>().ToArray(), Spec.Context.Length);
        double[] categories = [.. Enumerable.Range(0, given.Length / width).Select(row => _categories.LogProb(given.AsSpan(row * width, width)))];
        return logProb.Plus(tensor(categories, logProb.dtype));
    }

    /// <summary>The context as layers and base see it; null without.</summary>
    internal Tensor? Scaled(Tensor? context)
    {
        var given = context is null ? 0 : context.shape[^1];
        if (given != Spec.Context.Length) throw new ArgumentException($"The flow is conditioned on {Spec.Context.Length} columns, and {given} were given.", nameof(context));
        if (context is null) return null;
        var scaled = _contextScaling!.Normalize(context).Value;
        return _embedding is null ? scaled : _embedding.Parameters(scaled.shape[0], scaled, null);
    }
}
