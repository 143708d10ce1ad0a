using System.Collections.Immutable;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.ScalarMaps;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Transforms;

/// <summary>A coupling layer; see <see cref="Coupling"/>.</summary>
/// <param name="Transformed">The columns that are mapped, ascending; the others pass through and condition. All columns make an elementwise layer.</param>
/// <param name="Map">The monotone map of each column.</param>
/// <param name="Conditioner">The net that makes the map's parameters from the other columns and the context.</param>
public sealed record CouplingSpec(ImmutableArray<int> Transformed, ScalarMapSpec Map, ConditionerSpec Conditioner) : TransformSpec
{
    /// <summary>The columns that pass through, ascending.</summary>
    internal ImmutableArray<int> PassedThrough(FlowShape shape) => shape.Others(Transformed);

    /// <summary>The conditioner's inputs are the columns that pass through, angles as sine and cosine, then the context; its outputs go column by column.</summary>
    internal NetShape Net(FlowShape shape) => new(shape.InputsOf(PassedThrough(shape)) + shape.Context, Transformed.Length * Map.ParameterCount, Context: shape.Context);

    internal override void Declare(ParameterScope scope, FlowShape shape) =>
        Conditioner.Declare(scope.In("net"), Net(shape));

    internal override Capability Can(FlowShape shape) => Capabilities.Of(Map.Can);

    internal override bool TakesAngles(FlowShape shape) => true;

    internal override TransformSpec Finer() => this with { Map = Map.Finer() };

    internal override Bijection Build(ViewScope views, FlowShape shape, ScalarType dtype) =>
        new Coupling(shape, this, Conditioner.Build(views.In("net")));

    internal override IEnumerable<string> Problems(FlowShape shape)
    {
        if (Transformed.Length == 0 || !Transformed.SequenceEqual(Transformed.Distinct().Order()) || Transformed[0] < 0 || Transformed[^1] >= shape.Dimension)
            yield return $"coupling must transform some of the columns 0 to {shape.Dimension - 1}, ascending and each once.";
        foreach (var problem in shape.MapProblems("coupling", Transformed, Map)) yield return problem;
        foreach (var problem in Map.Problems()) yield return problem;
        foreach (var problem in Conditioner.Problems(Net(shape))) yield return problem;
    }
}

/// <summary>Maps some columns by a monotone scalar map whose parameters a net makes from the other columns: <c>z_t = map(x_t; net(x_p, c))</c>, <c>z_p = x_p</c>.</summary>
/// <remarks>
/// <para>log|det| = Σ log map′ over the mapped columns. Exact in both directions at the cost of one net.</para>
/// <para>Source: Dinh et al. 2015, "NICE", https://arxiv.org/abs/1410.8516; Dinh et al. 2017, "Real NVP", https://arxiv.org/abs/1605.08803.</para>
/// </remarks>
public sealed class Coupling : Bijection
{
    private readonly Tensor? _passed;
    private readonly NetColumns _seen;
    private readonly Tensor _transformed;
    private readonly Tensor _reassemble;
    private readonly IScalarMap _map;
    private readonly int _mapParameters;
    private readonly Conditioner _conditioner;

    internal Coupling(FlowShape shape, CouplingSpec spec, Conditioner conditioner)
        : base(shape.Dimension)
    {
        var passed = spec.PassedThrough(shape);
        _passed = passed.Length == 0 ? null : Index(passed);
        _seen = new NetColumns(passed, shape);
        _transformed = Index(spec.Transformed);
        _reassemble = Index([.. Enumerable.Range(0, shape.Dimension).OrderBy(position => passed.AddRange(spec.Transformed)[position])]);
        _map = spec.Map.Build();
        _mapParameters = spec.Map.ParameterCount;
        _conditioner = conditioner;
    }

    /// <inheritdoc />
    protected override Mapped NormalizeCore(Tensor x, Tensor? context) => Map(x, context, _map.Normalize);

    /// <inheritdoc />
    protected override Mapped GenerateCore(Tensor z, Tensor? context) => Map(z, context, _map.Generate);

    private Mapped Map(Tensor values, Tensor? context, Func<Tensor, Tensor, Mapped> map)
    {
        using var scope = NewDisposeScope();
        var passed = _passed is null ? null : values.index_select(1, _passed);
        var parameters = _conditioner.Parameters(values.shape[0], passed is null ? null : _seen.Of(passed), context);
        var perColumn = parameters.view(values.shape[0], _transformed.shape[0], _mapParameters);
        var (mapped, logDet) = map(values.index_select(1, _transformed), perColumn);
        var result = passed is null ? mapped : cat([passed, mapped], 1).index_select(1, _reassemble);
        return new Mapped(result, logDet).MoveToOuterDisposeScope();
    }

    private static Tensor Index(ImmutableArray<int> columns) => tensor(columns.Select(column => (long)column).ToArray());
}
