using System.Collections.Immutable;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.ScalarMaps;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Interchange;

/// <summary>Names the tensors that nflows has for one of our transforms.</summary>
/// <param name="tensors">Receives them.</param>
/// <param name="prefix">Of the layer, with a dot behind it.</param>
/// <param name="blocks">Our parameters of the transform.</param>
/// <param name="shape">D and C.</param>
internal sealed class NflowsLayer(Correspondence tensors, string prefix, BlockScope blocks, FlowShape shape)
{
    /// <summary>Adds the tensors; returns why there are none, as a clause, where nflows has no such layer.</summary>
    internal string? Add(TransformSpec transform) => transform switch
    {
        PermuteSpec permute => Add(permute),
        ActNormSpec => AddActNorm(),
        LuLinearSpec => AddLu(),
        CouplingSpec coupling => Add(coupling),
        AutoregressiveSpec layer => Add(layer),
        _ => "it has permutations, LU-linear and normalising layers, affine and spline coupling and autoregressive ones",
    };

    private string? Add(PermuteSpec permute)
    {
        tensors.Add(new TensorConstant($"{prefix}_permutation", StateTensor.Whole(permute.Order), "is another order"));
        return null;
    }

    private string? AddActNorm()
    {
        var all = Orders.Same(shape.Dimension);
        tensors.Add(TensorLink.Vector($"{prefix}log_scale", blocks["log_scale"], all));
        tensors.Add(TensorLink.Vector($"{prefix}shift", blocks["bias"], all));
        tensors.Add(new TensorConstant($"{prefix}initialized", new StateTensor(StateType.Bool, [], [1]), "") { IsFixed = false });
        return null;
    }

    private string? AddLu()
    {
        var (d, lu) = (shape.Dimension, blocks["lu"]);
        var pairs = Enumerable.Range(0, d).SelectMany(row => Enumerable.Range(0, d).Select(column => (row, column))).ToArray();
        AddEntries("lower_entries", pairs.Where(at => at.column < at.row));
        AddEntries("upper_entries", pairs.Where(at => at.column > at.row));
        tensors.Add(TensorLink.Vector($"{prefix}unconstrained_upper_diag", blocks["diagonal"], Orders.Same(d)));
        tensors.Add(TensorLink.Vector($"{prefix}bias", blocks["bias"], Orders.Same(d)));
        return null;

        void AddEntries(string name, IEnumerable<(int Row, int Column)> entries) =>
            tensors.Add(TensorLink.Vector($"{prefix}{name}", lu, [.. entries.Select(at => at.Row * d + at.Column)]));
    }

    private string? Add(CouplingSpec coupling)
    {
        var (passed, mapped) = (coupling.PassedThrough(shape), coupling.Transformed.Length);
        var outputs = coupling.Map is AffineSpec
            ? [.. Enumerable.Range(0, 2 * mapped).Select(row => row < mapped ? 2 * row : 2 * (row - mapped) + 1)] // all shifts, then all scales
            : Orders.Same(mapped * coupling.Map.ParameterCount);
        if (passed.IsEmpty) return "every column is mapped";
        if (!IsCouplingMap(coupling)) return "its map has another parametrisation";
        tensors.Add(new TensorConstant($"{prefix}identity_features", StateTensor.Whole(passed), "names other columns"));
        tensors.Add(new TensorConstant($"{prefix}transform_features", StateTensor.Whole(coupling.Transformed), "names other columns"));
        return AddNet($"{prefix}transform_net.", coupling, coupling.Net(shape).Inputs, outputs);
    }

    private static bool IsCouplingMap(CouplingSpec coupling) => coupling.Map switch
    {
        AffineSpec { Parametrisation: Parametrisation.Flowgrain } => true, // as its scale_activation
        AffineSpec { Parametrisation: Parametrisation.Nflows, Scale: NflowsScale.Sigmoid } => true,
        RationalQuadraticSpec { Parametrisation: Parametrisation.Nflows } spline => coupling.Conditioner switch
        {
            MlpSpec mlp => spline.LogitUnits is null || spline.LogitUnits == mlp.Hidden,
            ResidualNetSpec net => spline.LogitUnits == net.Hidden,
            GatedResidualSpec net => spline.LogitUnits == net.Hidden,
            _ => false,
        },
        _ => false,
    };

    private string? AddNet(string net, CouplingSpec coupling, int inputs, ImmutableArray<int> outputs)
    {
        var block = blocks.In("net");
        switch (coupling.Conditioner)
        {
            case MlpSpec mlp:
                NetTensors.Add(tensors, net, block, mlp, Orders.Same(inputs), Orders.Same(mlp.Hidden), outputs);
                return null;
            case ResidualNetSpec residual when shape.Context == 0:
                AddResidual(net, block, residual.Hidden, residual.Blocks, inputs, outputs);
                return null;
            case GatedResidualSpec gated:
                AddResidual(net, block, gated.Hidden, gated.Blocks, inputs, outputs);
                for (var i = 0; i < gated.Blocks; i++) tensors.AddLinear($"{net}blocks.{i}.context_layer.", block.In($"{i}.gate"), Orders.Same(gated.Hidden), Orders.Same(shape.Context));
                return null;
            default:
                return "its net is none of nflows";
        }
    }

    private void AddResidual(string net, BlockScope block, int hidden, int count, int inputs, ImmutableArray<int> outputs)
    {
        var units = Orders.Same(hidden);
        tensors.AddLinear($"{net}initial_layer.", block.In("in"), units, Orders.Same(inputs));
        for (var i = 0; i < count; i++)
        {
            tensors.AddLinear($"{net}blocks.{i}.linear_layers.0.", block.In($"{i}.0"), units, units);
            tensors.AddLinear($"{net}blocks.{i}.linear_layers.1.", block.In($"{i}.1"), units, units);
        }

        tensors.AddLinear($"{net}final_layer.", block.In("out"), outputs, units);
    }

    private string? Add(AutoregressiveSpec layer)
    {
        if (shape.Dimension == 1) return "an autoregressive layer needs two columns";
        if (layer.Map is not (AffineSpec { Parametrisation: Parametrisation.Flowgrain } or AffineSpec { Parametrisation: Parametrisation.Nflows, Scale: NflowsScale.Softplus } or RationalQuadraticSpec { Parametrisation: Parametrisation.Nflows, LogitUnits: null })) return "its map has another parametrisation";
        if (NflowsMade.Of(layer.Conditioner, shape) is not { } made) return shape.Context > 0 && layer.Conditioner is MlpSpec or ResidualNetSpec ? "its net gives the context to the first column too, to which the MADE of nflows gives nothing" : "its net is none of nflows";
        made.Add(tensors, $"{prefix}autoregressive_net.", blocks.In("net"), layer.Map);
        return null;
    }
}
