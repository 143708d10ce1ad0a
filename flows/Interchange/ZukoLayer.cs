using System.Collections.Immutable;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.ScalarMaps;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Interchange;

/// <summary>Names the tensors that zuko has for one of our transforms.</summary>
/// <param name="tensors">Receives them.</param>
/// <param name="prefix">Of the layer, with a dot behind it.</param>
/// <param name="parameters">Ours of the transform.</param>
/// <param name="shape">D and C.</param>
/// <param name="order">Which of zuko's columns each of ours is.</param>
internal sealed class ZukoLayer(Correspondence tensors, string prefix, BlockScope parameters, FlowShape shape, ImmutableArray<int> order)
{
    private readonly ImmutableArray<int> _ours = Orders.Inverse(order); // which of our columns each of zuko's is

    /// <summary>Adds the tensors; returns why there are none, as a clause, where zuko has no such layer.</summary>
    internal string? Add(TransformSpec transform) => transform switch
    {
        PermuteSpec permute => AddOrder(permute.Order),
        CouplingSpec { Map: var map } coupling when IsKnown(map) => coupling.Conditioner is MlpSpec mlp ? Add(coupling, mlp) : Nets,
        AutoregressiveSpec { Map: var map } layer when IsKnown(map) => layer.Conditioner is MlpSpec mlp ? Add(layer, mlp) : Nets,
        CouplingSpec or AutoregressiveSpec => "its map has another parametrisation",
        _ => "it has affine and spline coupling and autoregressive layers, and permutations",
    };

    private const string Nets = "its net is no mlp";

    /// <summary>Its own maps; and our affine one, which is its with another least slope.</summary>
    private static bool IsKnown(ScalarMapSpec map) => map is AffineSpec { Parametrisation: Parametrisation.Zuko or Parametrisation.Flowgrain } or RationalQuadraticSpec { Parametrisation: Parametrisation.Zuko };

    private string? AddOrder(ImmutableArray<int> columns)
    {
        tensors.Add(new TensorConstant($"{prefix}order", StateTensor.Whole(columns), "is another order"));
        return null;
    }

    private string? Add(CouplingSpec coupling, MlpSpec mlp)
    {
        var passed = coupling.PassedThrough(shape);
        if (passed.IsEmpty) return "every column is mapped";
        var passes = Enumerable.Range(0, shape.Dimension).Select(column => passed.Contains(_ours[column])).ToArray();
        tensors.Add(new TensorConstant($"{prefix}mask", StateTensor.Vector(StateType.Bool, passes.Select(known => known ? 1.0 : 0)), "names other columns"));
        ImmutableArray<int> inputs = [.. Ours(passes, true).Select(column => passed.IndexOf(column)), .. Enumerable.Range(passed.Length, shape.Context)];
        var groups = Ours(passes, false).Select(column => coupling.Transformed.IndexOf(column));
        NetTensors.Add(tensors, $"{prefix}hyper.", parameters.In("net"), mlp, inputs, Orders.Same(mlp.Hidden), Outputs(groups, coupling.Map));
        return null;
    }

    /// <summary>Our columns of those of zuko's that pass, or do not, in its order.</summary>
    private IEnumerable<int> Ours(bool[] passes, bool passing) => passes.Index().Where(at => at.Item == passing).Select(at => _ours[at.Index]);

    private string? Add(AutoregressiveSpec layer, MlpSpec mlp)
    {
        if (shape.Dimension == 1) return "an autoregressive layer needs two columns";
        var (d, c, units) = (shape.Dimension, shape.Context, new DegreeOrder(new MaskedDegrees(shape, mlp.Hidden)).Units);
        AddOrder(_ours); // a column comes where it stands among ours
        ImmutableArray<int> inputs = [.. _ours.Select(column => column < d - 1 ? c + column : -1), .. Enumerable.Range(0, c)];
        var linear = NetTensors.Add(tensors, $"{prefix}hyper.", parameters.In("net"), mlp, inputs, units, Outputs(_ours, layer.Map));
        foreach (var weight in linear)
        {
            var name = $"{weight.Name[..^"weight".Length]}mask";
            tensors.Add(new TensorConstant(name, weight.Mask(StateType.Bool), "is another than zuko makes of the order of the columns") { IsOptional = true });
        }

        return null;
    }

    /// <summary>Rows of the last layer: the numbers of a column side by side.</summary>
    private static ImmutableArray<int> Outputs(IEnumerable<int> columns, ScalarMapSpec map) =>
        [.. columns.SelectMany(column => Enumerable.Range(column * map.ParameterCount, map.ParameterCount))];
}
