using System.Collections.Immutable;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.ScalarMaps;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Transforms;

/// <summary>An autoregressive layer; see <see cref="Autoregressive"/>.</summary>
/// <param name="Map">The monotone map of each column.</param>
/// <param name="Conditioner">The net, masked by <see cref="MaskedDegrees"/>, that makes the map's parameters.</param>
public sealed record AutoregressiveSpec(ScalarMapSpec Map, ConditionerSpec Conditioner) : TransformSpec
{
    /// <summary>The columns that others see: all but the last.</summary>
    internal static ImmutableArray<int> Before(FlowShape shape) => [.. Enumerable.Range(0, shape.Dimension - 1)];

    /// <summary>The conditioner's inputs are the context, then the columns but the last, angles as sine and cosine; its outputs go column by column.</summary>
    internal NetShape Net(FlowShape shape) => new(shape.Context + shape.InputsOf(Before(shape)), shape.Dimension * Map.ParameterCount, Masked: shape, Context: shape.Context);

    internal override void Declare(ParameterScope scope, FlowShape shape) => Conditioner.Declare(scope.In("net"), Net(shape));

    internal override Capability Can(FlowShape shape) => Capabilities.Of(Map.Can | (shape.Dimension > 1 ? Capability.SequentialGenerate : Capability.None));

    internal override bool TakesAngles(FlowShape shape) => true;

    internal override TransformSpec Finer() => this with { Map = Map.Finer() };

    internal override Bijection Build(ViewScope views, FlowShape shape, ScalarType dtype) =>
        new Autoregressive(shape, this, Conditioner.Build(views.In("net")));

    internal override IEnumerable<string> Problems(FlowShape shape) =>
        [.. shape.MapProblems("autoregressive", [.. Enumerable.Range(0, shape.Dimension)], Map), .. Map.Problems(), .. Conditioner.Problems(Net(shape))];
}

/// <summary>Maps every column by a monotone scalar map whose parameters a masked net makes from the columns before it: <c>z_i = map(x_i; net_i(c, x_1 … x_i−1))</c>.</summary>
/// <remarks>
/// <para>log|det| = Σ log map′: the Jacobian is lower triangular. Normalize takes one pass through the net; Generate takes
/// D, because column i needs the ones before it. Both are exact. A column that lacks its value passes unchanged, and adds nothing
/// to the log-determinant; see <see cref="MissingColumns"/>.</para>
/// <para>Source: Papamakarios et al. 2017, "Masked Autoregressive Flow", https://arxiv.org/abs/1705.07057; the nets are
/// those of Germain et al. 2015, "MADE", https://arxiv.org/abs/1502.03509, plain or residual.</para>
/// </remarks>
public sealed class Autoregressive : Bijection
{
    private readonly IScalarMap _map;
    private readonly int _mapParameters;
    private readonly Conditioner _conditioner;
    private readonly MissingColumns? _missing;
    private readonly NetColumns _seen;

    internal Autoregressive(FlowShape shape, AutoregressiveSpec spec, Conditioner conditioner)
        : base(shape.Dimension)
    {
        _missing = shape.Missing;
        _seen = new NetColumns(AutoregressiveSpec.Before(shape), shape);
        _map = spec.Map.Build();
        _mapParameters = spec.Map.ParameterCount;
        _conditioner = conditioner;
    }

    /// <inheritdoc />
    protected override Mapped NormalizeCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var parameters = Parameters(x, context);
        return (_missing is null ? _map.Normalize(x, parameters) : ColumnByColumn(x, parameters, context!)).MoveToOuterDisposeScope();
    }

    private Mapped ColumnByColumn(Tensor x, Tensor parameters, Tensor context)
    {
        var columns = Enumerable.Range(0, Dimension)
            .Select(column => OrPassed(column, x.narrow(1, column, 1), context, value => _map.Normalize(value, parameters.narrow(1, column, 1)))).ToArray();
        return new Mapped(cat([.. columns.Select(column => column.Value)], 1), columns.Select(column => column.LogDet).Aggregate((sum, logDet) => sum.Plus(logDet)));
    }

    /// <summary>The map of one column <c>[B, 1]</c>, or where it lacks its value the column as it is.</summary>
    private Mapped OrPassed(int column, Tensor value, Tensor? context, Func<Tensor, Mapped> map)
    {
        var mapped = map(value);
        if (_missing?.FlagOf(column) is not (>= 0 and var flag)) return mapped;
        var known = context!.narrow(1, flag, 1).gt(Scalars.Half);
        return new Mapped(where(known, mapped.Value, value), where(known.squeeze(1), mapped.LogDet, zeros_like(mapped.LogDet)));
    }

    /// <inheritdoc />
    protected override Mapped GenerateCore(Tensor z, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var x = zeros_like(z); // what is not known yet is masked, but must be finite: 0·∞ is NaN
        var total = zeros(z.shape[0], z.dtype);
        for (var column = 0; column < Dimension; column++)
        {
            var parameters = Parameters(x, context).narrow(1, column, 1);
            var (value, logDet) = OrPassed(column, z.narrow(1, column, 1), context, latent => _map.Generate(latent, parameters));
            x = cat([x.narrow(1, 0, column), value, x.narrow(1, column + 1, Dimension - column - 1)], 1);
            total = total.Plus(logDet);
        }

        return new Mapped(x, total).MoveToOuterDisposeScope();
    }

    /// <summary><c>[B, D, P]</c>.</summary>
    private Tensor Parameters(Tensor x, Tensor? context)
    {
        var before = Dimension == 1 ? null : _seen.Of(x.narrow(1, 0, Dimension - 1));
        return _conditioner.Parameters(x.shape[0], context, before).view(x.shape[0], Dimension, _mapParameters);
    }
}
