using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.ScalarMaps;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Interchange;

/// <summary>
/// Our splines as those of nflows, which differ in two things alone: a slope of 1 is at zero of ours and at a constant of its, and
/// it divides the logits of coupling layers by the root of the net's width. So the last layer of every net changes, and no density.
/// </summary>
internal static class NflowsSplines
{
    /// <summary>Whether a flow has splines of ours.</summary>
    internal static bool Has(FlowSpec flow) => flow.Transforms.Any(transform => transform is CouplingSpec { Map: var map } && IsOurs(map) || transform is AutoregressiveSpec { Map: var other } && IsOurs(other));

    /// <summary>The same flow with splines of nflows, and its parameters.</summary>
    internal static (FlowSpec Flow, double[] Parameters) Of(FlowSpec flow, double[] parameters)
    {
        var (layout, values) = (flow.Layout(), (double[])parameters.Clone());
        var transforms = flow.Transforms.ToBuilder();
        for (var i = 0; i < transforms.Count; i++)
        {
            var net = new BlockScope(layout, $"{i}.net.out.");
            transforms[i] = transforms[i] switch
            {
                CouplingSpec { Map: RationalQuadraticSpec map, Conditioner: MlpSpec or ResidualNetSpec } coupling when IsOurs(map) => coupling with { Map = Rewritten(map, Width(coupling.Conditioner), net, values) },
                AutoregressiveSpec { Map: RationalQuadraticSpec map, Conditioner: MlpSpec or ResidualNetSpec } layer when IsOurs(map) => layer with { Map = Rewritten(map, null, net, values) },
                var other => other,
            };
        }

        return (flow with { Transforms = transforms.ToImmutable() }, values);
    }

    private static bool IsOurs(ScalarMapSpec map) => map is RationalQuadraticSpec { Parametrisation: Parametrisation.Flowgrain };

    private static int? Width(ConditionerSpec net) => net is MlpSpec mlp ? mlp.Hidden : ((ResidualNetSpec)net).Hidden;

    private static RationalQuadraticSpec Rewritten(RationalQuadraticSpec map, int? logitUnits, BlockScope last, Span<double> values)
    {
        var (weight, bias, each) = (last["weight"], last["bias"], map.ParameterCount);
        var root = Math.Sqrt(logitUnits ?? 1);
        for (var row = 0; row < bias.Count; row++)
        {
            if (row % each >= 2 * map.Bins)
            {
                values[bias.Offset + row] += RationalQuadraticSpec.UnitSlope;
                continue;
            }

            values[bias.Offset + row] *= root;
            foreach (ref var value in values.Slice(weight.Offset + row * weight.Shape[1], weight.Shape[1])) value *= root;
        }

        return map with { Parametrisation = Parametrisation.Nflows, LogitUnits = logitUnits };
    }
}
