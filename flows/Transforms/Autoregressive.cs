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
    /// <summary>The conditioner's inputs are the context, then the columns but the last; its outputs go column by column.</summary>
    internal NetShape Net(FlowShape shape) => new(shape.Context + shape.Dimension - 1, shape.Dimension * Map.ParameterCount, Masked: shape);

    internal override void Declare(ParameterScope scope, FlowShape shape) => Conditioner.Declare(scope.In("net"), Net(shape));

    internal override Bijection Build(ViewScope views, FlowShape shape, ScalarType dtype) =>
        new Autoregressive(shape.Dimension, this, Conditioner.Build(views.In("net")));

    internal override IEnumerable<string> Problems(FlowShape shape) => [.. Map.Problems(), .. Conditioner.Problems(Net(shape))];
}

/// <summary>Maps every column by a monotone scalar map whose parameters a masked net makes from the columns before it: <c>z_i = map(x_i; net_i(c, x_1 … x_i−1))</c>.</summary>
/// <remarks>
/// <para>log|det| = Σ log map′: the Jacobian is lower triangular. Normalize takes one pass through the net; Generate takes
/// D, because column i needs the ones before it. Both are exact.</para>
/// <para>Source: Papamakarios et al. 2017, "Masked Autoregressive Flow", https://arxiv.org/abs/1705.07057; the nets are
/// those of Germain et al. 2015, "MADE", https://arxiv.org/abs/1502.03509, plain or residual.</para>
/// </remarks>
public sealed class Autoregressive : Bijection
{
    private readonly IScalarMap _map;
    private readonly int _mapParameters;
    private readonly Conditioner _conditioner;

    internal Autoregressive(int dimension, AutoregressiveSpec spec, Conditioner conditioner)
        : base(dimension)
    {
        _map = spec.Map.Build();
        _mapParameters = spec.Map.ParameterCount;
        _conditioner = conditioner;
    }

    /// <inheritdoc />
    protected override Mapped NormalizeCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        return _map.Normalize(x, Parameters(x, context)).MoveToOuterDisposeScope();
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
            var (value, logDet) = _map.Generate(z.narrow(1, column, 1), parameters);
            x = cat([x.narrow(1, 0, column), value, x.narrow(1, column + 1, Dimension - column - 1)], 1);
            total = total.Plus(logDet);
        }

        return new Mapped(x, total).MoveToOuterDisposeScope();
    }

    /// <summary><c>[B, D, P]</c>.</summary>
    private Tensor Parameters(Tensor x, Tensor? context)
    {
        var before = Dimension == 1 ? null : x.narrow(1, 0, Dimension - 1);
        return _conditioner.Parameters(x.shape[0], context, before).view(x.shape[0], Dimension, _mapParameters);
    }
}
