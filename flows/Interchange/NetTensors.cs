using System.Collections.Immutable;
using FlowGrain.Flows.Conditioners;

namespace FlowGrain.Flows.Interchange;

/// <summary>What both libraries' nets have in common.</summary>
internal static class NetTensors
{
    /// <summary>A Sequential of linear layers with ReLU between them, <c>0</c>, <c>2</c>, <c>4</c>, …: the net, its width, and the name of its last weight. No net where it is another.</summary>
    internal static (ConditionerSpec? Net, int Hidden, string Last) Net(StateReader state, string prefix)
    {
        var numbers = state.Numbers(prefix);
        if (numbers.Length >= 2 && numbers.SequenceEqual(Enumerable.Range(0, numbers.Length).Select(layer => 2 * layer)))
            return (new MlpSpec(state.Rows($"{prefix}0.weight"), numbers.Length - 1), state.Rows($"{prefix}0.weight"), $"{prefix}{numbers[^1]}.weight");
        state.Refuse($"Tensors '{prefix}*' are no net of two linear layers or more with ReLU between them, numbered 0, 2, 4 and so on.");
        return (null, 0, "");
    }

    /// <summary>Whether a layer is another than the architecture has, which is then said.</summary>
    internal static bool IsOther(StateReader state, StateDictSpec spec, string prefix, bool isCoupling)
    {
        if (spec.Architecture.IsCoupling() == isCoupling) return false;
        state.Refuse($"Tensors '{prefix}*' are of {(isCoupling ? "a coupling" : "an autoregressive")} layer, and {spec.Architecture.Preset()} has {(isCoupling ? "autoregressive" : "coupling")} ones.");
        return true;
    }

    /// <summary>The bins of the splines that a net's last layer makes, or 0 where it makes affine maps as it should; null where it makes neither.</summary>
    internal static int? Bins(StateReader state, StateDictSpec spec, string last, int columns)
    {
        const int Affine = 2;

        var (each, rest) = int.DivRem(state.Rows(last), columns);
        var isWhole = rest == 0 && (spec.Architecture.IsSpline() ? each > Affine && (each + 1) % 3 == 0 : each == Affine);
        if (isWhole) return spec.Architecture.IsSpline() ? (each + 1) / 3 : 0;
        if (state.Take(last) is not null) state.Refuse(last, $"has {state.Rows(last)} rows, and {spec.Architecture.Preset()} needs {(spec.Architecture.IsSpline() ? "3K − 1 for K bins" : "2")} for each of {columns} columns");
        return null;
    }

    /// <summary>Adds the tensors of such a Sequential, and returns the links of its weights.</summary>
    internal static ImmutableArray<TensorLink> Add(Correspondence tensors, string prefix, BlockScope net, MlpSpec mlp, ImmutableArray<int> inputs, ImmutableArray<int> units, ImmutableArray<int> outputs) =>
        [.. Enumerable.Range(0, mlp.Layers + 1).Select(layer => tensors.AddLinear(
            $"{prefix}{2 * layer}.", net.In(layer == mlp.Layers ? "out" : $"{layer}"), layer == mlp.Layers ? outputs : units, layer == 0 ? inputs : units))];
}
