using System.Collections.Immutable;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Transforms;

/// <summary>A fixed order of the columns; configuration, not a parameter, so that every shard has the same.</summary>
/// <param name="Order">Column <c>i</c> of z is column <c>Order[i]</c> of x.</param>
public sealed record PermuteSpec(ImmutableArray<int> Order) : TransformSpec
{
    internal override void Declare(ParameterScope scope, FlowShape shape)
    {
    }

    internal override bool TakesAngles(FlowShape shape) => Order.Length == shape.Dimension && Order.Index().All(at => shape.Angles.Contains(at.Index) == shape.Angles.Contains(at.Item));

    internal override Bijection Build(ViewScope views, FlowShape shape, ScalarType dtype) => new Permute(this, dtype);

    internal override IEnumerable<string> Problems(FlowShape shape)
    {
        if (!Order.Order().SequenceEqual(Enumerable.Range(0, shape.Dimension)))
            yield return $"permute must name each of the columns 0 to {shape.Dimension - 1} once.";
    }
}

/// <summary>Reorders the columns: <c>z_i = x_order(i)</c>. log|det| = 0.</summary>
public sealed class Permute(PermuteSpec spec, ScalarType dtype) : Bijection(spec.Order.Length)
{
    private readonly Tensor _order = tensor(spec.Order.Select(column => (long)column).ToArray());
    private readonly Tensor _inverse = tensor(Inverse(spec.Order));

    /// <inheritdoc />
    protected override Mapped NormalizeCore(Tensor x, Tensor? context) => new(x.index_select(1, _order), zeros(x.shape[0], dtype));

    /// <inheritdoc />
    protected override Mapped GenerateCore(Tensor z, Tensor? context) => new(z.index_select(1, _inverse), zeros(z.shape[0], dtype));

    private static long[] Inverse(ImmutableArray<int> order)
    {
        var inverse = new long[order.Length];
        for (var i = 0; i < order.Length; i++) inverse[order[i]] = i;
        return inverse;
    }
}
