using System.Collections.Immutable;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.ScalarMaps;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Interchange;

/// <summary>Recognises the layers of nflows by the names of their tensors.</summary>
internal sealed class NflowsReader(StateReader state, StateDictSpec spec)
{
    private readonly int _columns = spec.Columns.Length;

    internal ForeignFlow Read()
    {
        var prefixes = Layers("_transform.").ToList();
        if (prefixes.Count == 0) state.Stop("The file has no tensors of an nflows flow, whose names begin with '_transform.'.");
        var hasFront = IsAffine(prefixes[0]);
        var front = hasFront ? FrontAffine.Take(state, $"{prefixes[0]}_shift", $"{prefixes[0]}_scale", _columns) : null;
        return new ForeignFlow(front, [.. prefixes.Skip(hasFront ? 1 : 0).Select(prefix => new ForeignLayer(prefix, state.Reading(prefix, () => Transforms(prefix))))]);
    }

    /// <summary>The prefixes of the layers; a composite of composites is its layers one after the other.</summary>
    private IEnumerable<string> Layers(string prefix)
    {
        var below = state.Below(prefix);
        if (below.Contains("_transforms")) return state.Numbers($"{prefix}_transforms.").SelectMany(number => Layers($"{prefix}_transforms.{number}."));
        return below.IsEmpty ? [] : [prefix];
    }

    private bool IsAffine(string prefix) => state.Below(prefix).Any(name => name is "_shift" or "_scale");

    private ImmutableArray<TransformSpec> Transforms(string prefix) => Transform(prefix) is { } transform ? [transform] : [];

    private TransformSpec? Transform(string prefix)
    {
        var below = state.Below(prefix);
        if (below.Contains("_permutation")) return Permute($"{prefix}_permutation");
        if (below.Contains("unconstrained_upper_diag")) return new LuLinearSpec();
        if (below.Contains("unconstrained_weight")) return BatchNorm(prefix);
        if (below.Contains("log_scale")) return new ActNormSpec();
        if (below.Contains("autoregressive_net")) return NetTensors.IsOther(state, spec, prefix, isCoupling: false) ? null : Autoregressive($"{prefix}autoregressive_net.");
        if (below.Contains("transform_net")) return NetTensors.IsOther(state, spec, prefix, isCoupling: true) ? null : Coupling(prefix);
        return null; // of nothing known; its tensors will be named as such
    }

    private PermuteSpec Permute(string name)
    {
        var order = state.TakeWhole(name, _columns);
        if (Orders.IsPermutation(order, _columns)) return new PermuteSpec(order);
        state.Refuse(name, $"is no order of {_columns} columns");
        return new PermuteSpec(Orders.Same(_columns));
    }

    /// <summary>What a batch norm is to rows that are scored, with its running statistics: an ActNorm.</summary>
    private ActNormSpec BatchNorm(string prefix)
    {
        string[] names = [$"{prefix}unconstrained_weight", $"{prefix}bias", $"{prefix}running_mean", $"{prefix}running_var"];
        double[]?[] taken = [.. names.Select(name => state.Take(name, [_columns]))];
        if (taken[3]?.Any(variance => variance < 0) == true) state.Refuse(names[3], "has a number below zero");
        var (logScale, shift) = taken is [{ } weight, { } bias, { } mean, { } variance] ? Folded(weight, bias, mean, variance) : (new double[_columns], new double[_columns]);
        state.Replace(names, [($"{prefix}log_scale", Vector(logScale)), ($"{prefix}shift", Vector(shift)), ($"{prefix}initialized", new StateTensor(StateType.Bool, [], [1]))]);
        return new ActNormSpec();
    }

    /// <summary><c>w (x − m) / √(v + ε) + b</c> as <c>x exp(s) + t</c>.</summary>
    private static (double[] LogScale, double[] Shift) Folded(double[] weight, double[] bias, double[] mean, double[] variance)
    {
        const double Epsilon = 1e-5; // nflows' default, of the weight and of the variance alike

        double[] logScale = [.. weight.Zip(variance, (w, v) => Math.Log(Softplus(w) + Epsilon) - Math.Log(v + Epsilon) / 2)];
        return (logScale, [.. bias.Select((b, i) => b - mean[i] * Math.Exp(logScale[i]))]);

        static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
    }

    private static StateTensor Vector(double[] values) => StateTensor.Vector(StateType.Float64, values);

    private AutoregressiveSpec? Autoregressive(string net)
    {
        var hidden = state.Rows($"{net}initial_layer.weight");
        if (Kind($"{net}blocks.", "linear_layers", "linear") is not { } residual) return null;
        var blocks = state.Numbers($"{net}blocks.").Length;
        if (Map($"{net}final_layer.weight", _columns, logitUnits: null) is not { } map) return null;
        ConditionerSpec conditioner = spec.Context.Length > 0 ? new ContextMadeSpec(hidden, blocks, residual)
            : residual ? new ResidualNetSpec(hidden, blocks) : new MlpSpec(hidden, blocks + 1);
        return new AutoregressiveSpec(map, conditioner);
    }

    /// <summary>Whether the blocks of a net are residual; null where they do not say so.</summary>
    private bool? Kind(string blocks, string residual, string plain)
    {
        var kinds = state.Numbers(blocks).SelectMany(block => state.Below($"{blocks}{block}.")).Where(name => name == residual || name == plain).Distinct().ToArray();
        if (kinds is [var only]) return only == residual;
        state.Refuse($"Tensors '{blocks}*' do not say whether the net is residual: there must be '{residual}' in each block, or '{plain}' in each.");
        return null;
    }

    private CouplingSpec? Coupling(string prefix)
    {
        var net = $"{prefix}transform_net.";
        var (passed, transformed) = (state.TakeWhole($"{prefix}identity_features"), state.TakeWhole($"{prefix}transform_features"));
        if (!Orders.IsPermutation([.. passed, .. transformed], _columns) || passed.IsEmpty || transformed.IsEmpty)
        {
            state.Refuse($"Tensors '{prefix}identity_features' and '{prefix}transform_features' do not share {_columns} columns between them.");
            return null;
        }

        var (conditioner, hidden, last) = state.Below(net).Contains("initial_layer") ? Residual(net) : NetTensors.Net(state, net);
        if (conditioner is null || Map(last, transformed.Length, LogitUnits(net, conditioner, hidden)) is not { } map) return null;
        return new CouplingSpec(transformed, map, conditioner);
    }

    private (ConditionerSpec Net, int Hidden, string Last) Residual(string net)
    {
        var (hidden, blocks) = (state.Rows($"{net}initial_layer.weight"), state.Numbers($"{net}blocks.").Length);
        return (spec.Context.IsEmpty ? new ResidualNetSpec(hidden, blocks) : new GatedResidualSpec(hidden, blocks), hidden, $"{net}final_layer.weight");
    }

    private int? LogitUnits(string net, ConditionerSpec conditioner, int hidden)
    {
        if (!spec.Architecture.IsSpline()) return null;
        if (conditioner is MlpSpec && spec.DividedLogits is null)
            state.Refuse($"'dividedLogits' must say whether the net '{net}*' has the attribute hidden_features, by whose root nflows divides the logits of the splines.");
        return spec.DividedLogits ?? true ? hidden : null;
    }

    /// <summary>The map that the last layer of a net makes parameters of.</summary>
    private ScalarMapSpec? Map(string last, int columns, int? logitUnits)
    {
        if (NetTensors.Bins(state, spec, last, columns) is not { } bins) return null;
        if (spec.Slope == StateDictSpec.OwnSlope) return new AffineSpec();
        return spec.Architecture.IsSpline()
            ? new RationalQuadraticSpec(bins, spec.TailBound!.Value) { Parametrisation = Parametrisation.Nflows, LogitUnits = logitUnits }
            : new AffineSpec { Parametrisation = Parametrisation.Nflows, Scale = spec.Architecture.IsCoupling() ? NflowsScale.Sigmoid : NflowsScale.Softplus };
    }
}
