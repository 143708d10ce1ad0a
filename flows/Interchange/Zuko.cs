using System.Collections.Immutable;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Interchange;

/// <summary>zuko 1.6, https://github.com/probabilists/zuko: <c>transform</c> is a LazyComposedTransform and <c>base</c> a standard DiagNormal.</summary>
/// <remarks>It permutes no columns between layers: each layer says in which order it takes them. To us a layer stands between a permutation and its inverse.</remarks>
internal sealed class Zuko : Library
{
    private const string Prefix = "transform.transforms.";

    internal override string Name => "zuko";

    internal override ForeignFlow Read(StateReader state, StateDictSpec spec) => new ZukoReader(state, spec).Read();

    internal override ImmutableArray<ForeignLayer> Layers(FlowSpec flow, int first)
    {
        var layers = ImmutableArray.CreateBuilder<ForeignLayer>();
        var order = Orders.Same(flow.Columns.Length); // which of the first layer's columns each of ours is
        for (var i = 1; i < flow.Transforms.Length; i++)
        {
            var transform = flow.Transforms[i];
            if (transform is PermuteSpec permute) order = [.. permute.Order.Select(column => order[column])];
            else if (i + 1 < flow.Transforms.Length && Orders.IsIdentity(order) && ZukoTwoPasses.Is(transform, flow.Transforms[i + 1], flow.Shape())) layers.Add(new ForeignLayer(PrefixOf(layers.Count), [transform, flow.Transforms[++i]]) { Transform = i - 1 });
            else layers.Add(new ForeignLayer(PrefixOf(layers.Count), Between(order, transform)) { Transform = i });
        }

        if (!Orders.IsIdentity(order)) layers.Add(new ForeignLayer(PrefixOf(layers.Count), [new PermuteSpec(order)]) { Transform = flow.Transforms.Length - 1 });
        return layers.ToImmutable();

        string PrefixOf(int layer) => $"{Prefix}{layer + first}.";
    }

    /// <summary>A transform of columns that are brought into an order, and back.</summary>
    internal static ImmutableArray<TransformSpec> Between(ImmutableArray<int> order, TransformSpec transform) =>
        Orders.IsIdentity(order) ? [transform] : [new PermuteSpec(order), transform, new PermuteSpec(Orders.Inverse(order))];

    internal override IEnumerable<(string Name, StateTensor Tensor)> Front(StateTensor shift, StateTensor scale) =>
        [($"{Prefix}0.loc", shift), ($"{Prefix}0.scale", scale)];

    private protected override string? Add(Correspondence tensors, ForeignLayer layer, ImmutableArray<BlockScope> parameters, FlowShape shape)
    {
        if (layer.Transforms is [CouplingSpec mapped, CouplingSpec alone]) return new ZukoTwoPasses(mapped, alone).Add(tensors, layer.Prefix, parameters, shape.Dimension);
        var order = layer.Transforms is [PermuteSpec before, _, _] ? before.Order : Orders.Same(shape.Dimension);
        return new ZukoLayer(tensors, layer.Prefix, parameters[layer.Core], shape, order).Add(layer.Transforms[layer.Core]);
    }

    private protected override void AddBase(Correspondence tensors, int columns)
    {
        Add("base.loc", 0);
        Add("base.scale", 1);

        void Add(string name, double value) =>
            tensors.Add(new TensorConstant(name, StateTensor.Vector(StateType.Float32, Enumerable.Repeat(value, columns)), "is not that of a standard normal, which is the only base that can be imported"));
    }
}
