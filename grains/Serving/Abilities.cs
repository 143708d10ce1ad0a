using FlowGrain.Flows;

namespace FlowGrain.Serving;

/// <summary>Puts what a flow can do into words.</summary>
internal static class Abilities
{
    /// <summary>Of a flow.</summary>
    internal static ModelAbilities Of(FlowSpec flow) => Of(flow.Can());

    internal static ModelAbilities Of(Capability can) => new(
        Way(can, Capability.Normalize, Capability.SequentialNormalize, Capability.IterativeNormalize),
        Way(can, Capability.Generate, Capability.SequentialGenerate, Capability.IterativeGenerate),
        LogDensity(can));

    private static string Way(Capability can, Capability at, Capability sequential, Capability iterative) =>
        !can.HasFlag(at) ? "impossible" : can.HasFlag(iterative) ? "iterative" : can.HasFlag(sequential) ? "a pass for each column" : "one pass";

    // A map that is worse than others makes the chain so.
    private static string LogDensity(Capability can) => can switch
    {
        _ when can.HasFlag(Capability.LowerBound) => "lower bound",
        _ when can.HasFlag(Capability.Stochastic) => "estimate",
        _ when can.HasFlag(Capability.Numerical) => "numerical",
        _ => "exact",
    };
}
