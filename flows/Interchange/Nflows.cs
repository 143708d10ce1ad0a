using System.Collections.Immutable;

namespace FlowGrain.Flows.Interchange;

/// <summary>nflows, https://github.com/bayesiains/nflows: <c>_transform</c> is a CompositeTransform, nested or not, and <c>_distribution</c> a StandardNormal, which has no tensors.</summary>
internal sealed class Nflows : Library
{
    private const string Prefix = "_transform._transforms.";

    internal override string Name => "nflows";

    internal override ForeignFlow Read(StateReader state, StateDictSpec spec) => new NflowsReader(state, spec).Read();

    internal override (FlowSpec Flow, double[] Parameters) Rewritten(FlowSpec flow, double[] parameters)
    {
        if (NflowsSplines.Has(flow)) (flow, parameters) = NflowsSplines.Of(flow, parameters);
        return NflowsGates.Lacks(flow) ? NflowsGates.Of(flow, parameters) : (flow, parameters);
    }

    internal override ImmutableArray<ForeignLayer> Layers(FlowSpec flow, int first) =>
        [.. flow.Transforms.Index().Skip(1).Select(at => new ForeignLayer($"{Prefix}{at.Index - 1 + first}.", [at.Item]) { Transform = at.Index })];

    internal override IEnumerable<(string Name, StateTensor Tensor)> Front(StateTensor shift, StateTensor scale) =>
        [($"{Prefix}0._shift", shift), ($"{Prefix}0._scale", scale)];

    private protected override string? Add(Correspondence tensors, ForeignLayer layer, ImmutableArray<BlockScope> parameters, FlowShape shape) =>
        new NflowsLayer(tensors, layer.Prefix, parameters[0], shape).Add(layer.Transforms[0]);
}
