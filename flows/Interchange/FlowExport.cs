using System.Collections.Immutable;
using FlowGrain.Flows.ScalarMaps;
using FlowGrain.Flows.Tables;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Interchange;

/// <summary>Writes a flow as another library's state dict.</summary>
public static class FlowExport
{
    /// <summary>The tensors that a flow of the library takes with <c>load_state_dict</c>, and what they do not say of it.</summary>
    /// <param name="library">One of <see cref="FlowImport.Libraries"/>.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="parameters">Its parameters, <c>[P]</c>.</param>
    /// <exception cref="ArgumentException">The library cannot express the flow; the sentence says which transform.</exception>
    public static ExportedFlow Write(string library, FlowSpec flow, ReadOnlySpan<float> parameters)
    {
        var to = Library.Named(library);
        RequireNumbers(to, flow);
        var (known, values) = to.Rewritten(flow, Array.ConvertAll(parameters.ToArray(), value => (double)value));
        var type = ReferenceEquals(known, flow) ? StateType.Float32 : StateType.Float64; // what was computed is not rounded
        var (shift, scale) = FrontAffine.Of(known.Standardize());
        var hasFront = shift.Values.Any(value => value != 0) || scale.Values.Any(value => value != 1);
        var layers = to.Layers(known, hasFront ? 1 : 0);
        var tensors = to.Tensors(known, layers);
        return new ExportedFlow(
            [
                .. hasFront ? to.Front(shift, scale) : [],
                .. tensors.Links.Select(link => (link.Name, new StateTensor(type, link.Shape, link.Export(values)))),
                .. tensors.Constants.Select(constant => (constant.Name, constant.Value)),
            ],
            Spec(known));
    }

    private static void RequireNumbers(Library to, FlowSpec flow)
    {
        if (flow.Marginal() is not null) throw Cannot(to, "its columns pass fixed maps of their own before the standardisation");
        if (flow.Table is { } table && !table.Columns.Concat(table.Context).All(column => column is NumberColumn or LatticeColumn)) throw Cannot(to, "its columns are more than numbers");
        if (flow.Missing is not null) throw Cannot(to, "its rows may lack values");
    }

    private static ArgumentException Cannot(Library to, string why) => new($"The flow is none that {to.Name} has: {why}.");

    private static StateDictSpec Spec(FlowSpec flow)
    {
        var maps = flow.Transforms.Select(Learned).OfType<(FlowArchitecture Kind, ScalarMapSpec Map)>().ToArray();
        if (maps.Select(map => map.Kind).Distinct().ToArray() is not [var kind]) throw new ArgumentException("The flow mixes kinds of layers, or has none; one of realnvp, maf, nsf or nsf-ar can be written.");
        if (maps.Select(map => map.Map).Select(map => map is RationalQuadraticSpec spline ? (spline.Bound, spline.LogitUnits is null) : default).Distinct().Count() > 1) throw new ArgumentException("The flow's splines end in different places, or divide their logits or do not; one of these for all layers can be written.");
        var first = maps[0].Map;
        return new StateDictSpec
        {
            Architecture = kind,
            Columns = flow.Columns,
            Context = flow.Context,
            TailBound = (first as RationalQuadraticSpec)?.Bound,
            ContextScaling = flow.ContextScaling,
            DividedLogits = kind == FlowArchitecture.Nsf && first is RationalQuadraticSpec { Parametrisation: Parametrisation.Nflows } spline ? spline.LogitUnits is not null : null,
            Slope = first is AffineSpec { Parametrisation: Parametrisation.Flowgrain } ? StateDictSpec.OwnSlope : null,
        };
    }

    private static (FlowArchitecture Kind, ScalarMapSpec Map)? Learned(TransformSpec transform) => transform switch
    {
        CouplingSpec coupling => (coupling.Map is AffineSpec ? FlowArchitecture.RealNvp : FlowArchitecture.Nsf, coupling.Map),
        AutoregressiveSpec layer => (layer.Map is AffineSpec ? FlowArchitecture.Maf : FlowArchitecture.NsfAr, layer.Map),
        _ => null,
    };
}

/// <summary>A flow as another library's state dict.</summary>
/// <param name="Tensors">The tensors, in order.</param>
/// <param name="Spec">What they do not say: with it they can be imported again.</param>
public sealed record ExportedFlow(ImmutableArray<(string Name, StateTensor Tensor)> Tensors, StateDictSpec Spec);
