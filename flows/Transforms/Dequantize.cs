using System.Collections.Immutable;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.ScalarMaps;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Transforms;

/// <summary>Variational dequantisation; see <see cref="Dequantize"/>.</summary>
/// <param name="Columns">The columns whose values are whole steps, ascending.</param>
/// <param name="Offset">Where a step of each begins, in the coordinates of the layer.</param>
/// <param name="Step">The step of each, in the coordinates of the layer.</param>
/// <param name="Bins">Bins of the spline within a step.</param>
/// <param name="Conditioner">The net that makes the splines from the steps of those columns, from the other columns, and from the context.</param>
public sealed record DequantizeSpec(ImmutableArray<int> Columns, ImmutableArray<double> Offset, ImmutableArray<double> Step, int Bins, ConditionerSpec Conditioner) : TransformSpec
{
    /// <summary>The spline of the place within a step, which is brought to [−1, 1].</summary>
    internal RationalQuadraticSpec Map { get; } = new(Bins, 1);

    internal override void Declare(ParameterScope scope, FlowShape shape) => Conditioner.Declare(scope.In("net"), Net(shape));

    internal override Bijection Build(ViewScope views, FlowShape shape, ScalarType dtype) => new Dequantize(this, shape.Dimension, Conditioner.Build(views.In("net")), dtype);

    internal override IEnumerable<string> Problems(FlowShape shape)
    {
        if (Columns.IsDefaultOrEmpty || !Columns.SequenceEqual(Columns.Distinct().Order()) || Columns[0] < 0 || Columns[^1] >= shape.Dimension)
            yield return $"dequantize must have some of the columns 0 to {shape.Dimension - 1}, ascending and each once.";
        else if (Offset.IsDefault || Step.IsDefault || Offset.Length != Columns.Length || Step.Length != Columns.Length || !Offset.All(double.IsFinite) || !Step.All(step => double.IsFinite(step) && step > 0))
            yield return $"dequantize needs a finite offset and a finite step above zero for each of its {Columns.Length} columns.";
        if (shape.Missing is not null) yield return "dequantize looks at every column of a row, and goes with no missing values.";
        foreach (var problem in Map.Problems()) yield return problem;
        foreach (var problem in Conditioner.Problems(Net(shape))) yield return problem;
    }

    /// <summary>Whether two have equal columns, steps and nets.</summary>
    public bool Equals(DequantizeSpec? other) => other is not null && Bins == other.Bins && Conditioner == other.Conditioner
        && Columns.AsSpan().SequenceEqual(other.Columns.AsSpan()) && Offset.AsSpan().SequenceEqual(other.Offset.AsSpan()) && Step.AsSpan().SequenceEqual(other.Step.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Columns.IsDefault ? 0 : Columns.Length, Bins, Conditioner);

    private NetShape Net(FlowShape shape) => new(shape.Dimension + shape.Context, Columns.Length * Map.ParameterCount, Context: shape.Context);
}

/// <summary>
/// Moves a whole number that was spread evenly over the step above it to a better place in that step: <c>k + u</c> becomes <c>k + h(u; net(k, x, c))</c> with h a monotone spline of [0, 1] onto itself,
/// so that the layers behind it need not learn densities that are flat with walls.
/// </summary>
/// <remarks>
/// <para>With u even, h(u) has the density q = 1/h′, and the mean of log p(k + h(u)) + log h′(u) is the bound of variational dequantisation with that q. Being a bijection within every step it keeps the
/// log-density of k + u exact too. log|det| = Σ log h′(u). What the net sees of these columns are their steps k, which the layer leaves as they are, so that both directions cost one net.</para>
/// <para>Source: Ho et al. 2019, "Flow++", https://arxiv.org/abs/1902.00275, section 3.1.</para>
/// </remarks>
public sealed class Dequantize : Bijection
{
    private readonly Tensor _columns;
    private readonly Tensor _offset;
    private readonly Tensor _step;
    private readonly IScalarMap _map;
    private readonly int _mapParameters;
    private readonly Conditioner _conditioner;

    internal Dequantize(DequantizeSpec spec, int dimension, Conditioner conditioner, ScalarType dtype)
        : base(dimension)
    {
        _columns = tensor(spec.Columns.Select(column => (long)column).ToArray());
        (_offset, _step) = (tensor(spec.Offset.ToArray(), dtype), tensor(spec.Step.ToArray(), dtype));
        (_map, _mapParameters, _conditioner) = (spec.Map.Build(), spec.Map.ParameterCount, conditioner);
    }

    /// <inheritdoc />
    protected override Mapped NormalizeCore(Tensor x, Tensor? context) => Move(x, context, _map.Normalize);

    /// <inheritdoc />
    protected override Mapped GenerateCore(Tensor z, Tensor? context) => Move(z, context, _map.Generate);

    private Mapped Move(Tensor values, Tensor? context, Func<Tensor, Tensor, Mapped> map)
    {
        using var scope = NewDisposeScope();
        var steps = (values.index_select(1, _columns) - _offset) / _step;
        var whole = steps.floor();
        var (place, logDet) = map((steps - whole) * Scalars.Two - Scalars.One, Splines(values, whole, context));
        var moved = (place.Plus(Scalars.One) * Scalars.Half).Plus(whole);
        return new Mapped(values.index_copy(1, _columns, (moved * _step).Plus(_offset)), logDet).MoveToOuterDisposeScope();
    }

    /// <summary>Parameters <c>[B, T, P]</c> of the splines, from the middles of the steps in the place of what stands in them.</summary>
    private Tensor Splines(Tensor values, Tensor whole, Tensor? context)
    {
        var middles = values.index_copy(1, _columns, (whole.Plus(Scalars.Half) * _step).Plus(_offset));
        return _conditioner.Parameters(values.shape[0], middles, context).view(values.shape[0], _columns.shape[0], _mapParameters);
    }
}
