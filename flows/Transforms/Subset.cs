using System.Collections.Immutable;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.Engines;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Transforms;

/// <summary>Another transform, of some columns alone; see <see cref="Subset"/>.</summary>
/// <param name="Columns">The columns that it maps, ascending.</param>
/// <param name="Transform">What maps them; it counts them from 0.</param>
/// <param name="Given">Whether the other columns are context to it, in front of the flow's.</param>
public sealed record SubsetSpec(ImmutableArray<int> Columns, TransformSpec Transform, bool Given = false) : TransformSpec
{
    /// <summary>A transform of some columns, made for their shape; where they are all columns, as it is.</summary>
    internal static TransformSpec Of(FlowShape shape, ImmutableArray<int> columns, bool given, Func<FlowShape, TransformSpec> make) =>
        columns.Length == shape.Dimension ? make(shape) : new SubsetSpec(columns, make(shape.Within(columns, given)), given);

    internal override void Declare(ParameterScope scope, FlowShape shape) => Transform.Declare(scope, Within(shape));

    internal override Capability Can(FlowShape shape) => Transform.Can(Within(shape));

    internal override bool TakesAngles(FlowShape shape) => true; // as what it holds does, which is asked

    internal override TransformSpec Finer() => this with { Transform = Transform.Finer() };

    internal override Bijection Build(ViewScope views, FlowShape shape, ScalarType dtype) =>
        new Subset(shape, this, Transform.Build(views, Within(shape), dtype));

    internal override IEnumerable<string> Problems(FlowShape shape)
    {
        if (Columns.IsDefaultOrEmpty || !Columns.SequenceEqual(Columns.Distinct().Order()) || Columns[0] < 0 || Columns[^1] >= shape.Dimension)
            return [$"subset must map some of the columns 0 to {shape.Dimension - 1}, ascending and each once."];
        if (Transform is StandardizeSpec or MarginalSpec) return [$"subset holds '{Transform.Name}', which leads out of the flow's units; give it for all columns, and what leaves a column as it is for the others."];
        return shape.Missing is null ? Transform.ProblemsIn(Within(shape)) : ["subset cannot tell which of its columns lack a value; leave it out."];
    }

    private FlowShape Within(FlowShape shape) => shape.Within(Columns, Given);
}

/// <summary>Maps some columns by another transform and lets the others through, which may be its context: <c>z_s = t(x_s; x_o, c)</c>, <c>z_o = x_o</c>.</summary>
/// <remarks>log|det| is that of the transform: the Jacobian is block triangular. As context an angle is its sine and cosine.</remarks>
public sealed class Subset : Bijection
{
    private readonly Bijection _transform;
    private readonly Tensor _mapped;
    private readonly Tensor? _others;
    private readonly Tensor _reassemble;
    private readonly NetColumns? _given;

    internal Subset(FlowShape shape, SubsetSpec spec, Bijection transform)
        : base(shape.Dimension)
    {
        var others = shape.Others(spec.Columns);
        var order = spec.Columns.AddRange(others);
        _transform = transform;
        _mapped = Index(spec.Columns);
        _others = others.IsEmpty ? null : Index(others);
        _given = spec.Given && !others.IsEmpty ? new NetColumns(others, shape) : null;
        _reassemble = Index(Enumerable.Range(0, shape.Dimension).OrderBy(position => order[position]));
    }

    /// <inheritdoc />
    protected override Mapped NormalizeCore(Tensor x, Tensor? context) => Map(x, context, _transform.Normalize);

    /// <inheritdoc />
    internal override Mapped NormalizeInTraining(Tensor x, Tensor? context, TrainingDraw draw) => Map(x, context, (some, given) => _transform.NormalizeInTraining(some, given, draw));

    /// <inheritdoc />
    protected override Mapped GenerateCore(Tensor z, Tensor? context) => Map(z, context, _transform.Generate);

    private Mapped Map(Tensor values, Tensor? context, Func<Tensor, Tensor?, Mapped> map)
    {
        using var scope = NewDisposeScope();
        var others = _others is null ? null : values.index_select(1, _others);
        var (mapped, logDet) = map(values.index_select(1, _mapped), Given(others, context));
        var result = others is null ? mapped : cat([mapped, others], 1).index_select(1, _reassemble);
        return new Mapped(result, logDet).MoveToOuterDisposeScope();
    }

    private Tensor? Given(Tensor? others, Tensor? context)
    {
        if (_given is null) return context;
        var seen = _given.Of(others!);
        return context is null ? seen : cat([seen, context], 1);
    }

    private static Tensor Index(IEnumerable<int> columns) => tensor(columns.Select(column => (long)column).ToArray());
}
