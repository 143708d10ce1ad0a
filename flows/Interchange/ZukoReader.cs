using System.Collections.Immutable;
using FlowGrain.Flows.Conditioners;
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
        if (prefixes.Count == 0) state.Stop("The file has no tensors of a zuko flow, whose names begin with 'transform.'.");
        var hasFront = state.Below(prefixes[0]).Contains("loc");
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
        if (!order.IsEmpty) state.Refuse($"{prefix}order", $"is no order of {_columns} columns; of layers with fewer passes than columns those with two can be imported, without a context");
        return null;
    }

    private ImmutableArray<TransformSpec> Autoregressive(string prefix)
    {
        if (spec.Context.IsEmpty && _columns > 2 && state.Whole($"{prefix}order") is var halves && halves.Distinct().Order().SequenceEqual([0, 1])) return TwoPasses(prefix, halves);
        if (NetTensors.IsOther(state, spec, prefix, isCoupling: false)) return [];
        if (Order(prefix) is not { } order || NetTensors.Net(state, $"{prefix}hyper.") is not { Net: { } net, Last: var last } || Map(last, _columns) is not { } map) return [];
        return Zuko.Between(Orders.Inverse(order), new AutoregressiveSpec(map, net));
    }

    /// <summary>Columns that depend on none, and columns that depend on those: to us a coupling layer, and before it in the Generate direction one of constants.</summary>
    private ImmutableArray<TransformSpec> TwoPasses(string prefix, ImmutableArray<int> halves)
    {
        state.TakeWhole($"{prefix}order", _columns);
        if (halves.Length != _columns || NetTensors.IsOther(state, spec, prefix, isCoupling: true)) return [];
        if (NetTensors.Net(state, $"{prefix}hyper.") is not { Net: { } net, Last: var last } || Map(last, _columns) is not { } map) return [];
        return [new CouplingSpec(Half(1), map, net), new CouplingSpec(Half(0), map, new ConstantSpec())];

        ImmutableArray<int> Half(int half) => [.. halves.Index().Where(at => at.Item == half).Select(at => at.Index)];
    }

    private ImmutableArray<TransformSpec> Coupling(string prefix)
    {
        if (NetTensors.IsOther(state, spec, prefix, isCoupling: true)) return [];
        var mask = state.TakeWhole($"{prefix}mask", _columns); // 1 for a column that passes
        ImmutableArray<int> transformed = [.. mask.Index().Where(at => at.Item == 0).Select(at => at.Index)];
        if (transformed.IsEmpty || NetTensors.Net(state, $"{prefix}hyper.") is not { Net: { } net, Last: var last } || Map(last, transformed.Length) is not { } map) return [];
        return [new CouplingSpec(transformed, map, net)];
    }

    private ScalarMapSpec? Map(string last, int columns) => NetTensors.Bins(state, spec, last, columns) switch
    {
        null => null,
        0 => new AffineSpec { Parametrisation = spec.Slope == StateDictSpec.OwnSlope ? Parametrisation.Flowgrain : Parametrisation.Zuko },
        var bins => new RationalQuadraticSpec(bins.Value, spec.TailBound!.Value) { Parametrisation = Parametrisation.Zuko },
    };
}
