using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Interchange;

/// <summary>
/// Our residual nets of coupling layers as those of nflows, which let the context open and close every block, <c>σ(G c + g)</c>:
/// with G = 0 and a large g the gates stand open, whatever the context, and no density changes.
/// </summary>
internal static class NflowsGates
{
    private const double Open = 40; // σ of it is 1 in float64 too

    /// <summary>Whether a flow has nets whose blocks no context gates.</summary>
    internal static bool Lacks(FlowSpec flow) => !flow.Context.IsEmpty && flow.Transforms.Any(IsUngated);

    /// <summary>The same flow with gates, and its parameters.</summary>
    internal static (FlowSpec Flow, double[] Parameters) Of(FlowSpec flow, double[] parameters)
    {
        var gated = flow with { Transforms = [.. flow.Transforms.Select(Gated)] };
        var (before, after) = (flow.Layout(), gated.Layout());
        var values = new double[after.Count];
        foreach (var block in before.Blocks) parameters.AsSpan(block.Offset, block.Count).CopyTo(values.AsSpan(after[block.Name].Offset));
        foreach (var block in after.Blocks.Where(block => block.Name.EndsWith(".gate.bias", StringComparison.Ordinal) && !before.Blocks.Any(other => other.Name == block.Name)))
            values.AsSpan(block.Offset, block.Count).Fill(Open);
        return (gated, values);
    }

    private static bool IsUngated(TransformSpec transform) => transform is CouplingSpec { Conditioner: ResidualNetSpec };

    private static TransformSpec Gated(TransformSpec transform) =>
        transform is CouplingSpec { Conditioner: ResidualNetSpec net } coupling ? coupling with { Conditioner = new GatedResidualSpec(net.Hidden, net.Blocks) } : transform;
}
