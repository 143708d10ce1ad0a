using System.Collections.Immutable;
using FlowGrain.Flows.ScalarMaps;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Interchange;

/// <summary>Recognises the layers of zuko by the names of their tensors.</summary>
internal sealed class ZukoReader(StateReader state, StateDictSpec spec)
{
    private readonly int _columns = spec.Columns.Length;

    internal ForeignFlow Read()
    {
        var prefixes = Layers("transform.").ToList();
        if (prefixes.Count == 0) state.Refuse("The file has no tensors of a zuko flow, whose names begin with 'transform.'.");
        var hasFront = prefixes.Count > 0 && state.Below(prefixes[0]).Contains("loc");
        var front = hasFront ? FrontAffine.Take(state, $"{prefixes[0]}loc", $"{prefixes[0]}scale", _columns) : null;
        return new ForeignFlow(front, [.. prefixes.Skip(hasFront ? 1 : 0).Select(prefix => new ForeignLayer(prefix, state.Reading(prefix, () => Transforms(prefix))))]);
    }

    private IEnumerable<string> Layers(string prefix)
    {
        var below = state.Below(prefix);
        if (below.Contains("transforms")) return state.Numbers($"{prefix}transforms.").SelectMany(number => Layers($"{prefix}transforms.{number}."));
        return below.IsEmpty ? [] : [prefix];
    }

    private ImmutableArray<TransformSpec> Transforms(string prefix)
    {
        var below = state.Below(prefix);
        if (below.Contains("hyper")) return below.Contains("mask") ? Coupling(prefix) : Autoregressive(prefix);
        return below is ["order"] && Order(prefix) is { } order ? [new PermuteSpec(order)] : []; // of nothing known; its tensors will be named as such
    }

    /// <summary>A permutation; null where it is none.</summary>
    private ImmutableArray<int>? Order(string prefix)
    {
        var order = state.TakeWhole($"{prefix}order", _columns);
        if (Orders.IsPermutation(order, _columns)) return order;
        if (!order.IsEmpty) state.Refuse($"{prefix}order", $"is no order of {_columns} columns, as of a layer with fewer passes than columns, or with an adjacency of its own");
        return null;
    }

    private ImmutableArray<TransformSpec> Autoregressive(string prefix)
    {
        if (Order(prefix) is not { } order || Plain.Net(state, $"{prefix}hyper.") is not { Net: { } net, Last: var last } || Map(last, _columns) is not { } map) return [];
        return Zuko.Between(Orders.Inverse(order), new AutoregressiveSpec(map, net));
    }

    private ImmutableArray<TransformSpec> Coupling(string prefix)
    {
        var mask = state.TakeWhole($"{prefix}mask", _columns); // 1 for a column that passes
        ImmutableArray<int> transformed = [.. mask.Index().Where(at => at.Item == 0).Select(at => at.Index)];
        if (transformed.IsEmpty || Plain.Net(state, $"{prefix}hyper.") is not { Net: { } net, Last: var last } || Map(last, transformed.Length) is not { } map) return [];
        return [new CouplingSpec(transformed, map, net)];
    }

    private ScalarMapSpec? Map(string last, int columns) => Plain.Bins(state, spec, last, columns) switch
    {
        null => null,
        0 => new AffineSpec { Parametrisation = spec.Slope == StateDictSpec.OwnSlope ? Parametrisation.Flowgrain : Parametrisation.Zuko },
        var bins => new RationalQuadraticSpec(bins.Value, spec.TailBound!.Value) { Parametrisation = Parametrisation.Zuko },
    };
}
