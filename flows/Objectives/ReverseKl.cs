using FlowGrain.Flows.Bases;
using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Objectives;

/// <summary>
/// Fits a flow to a density that is known up to a constant instead of to rows: <c>KL(q ‖ p) = E_q[log q(x) − log p(x)]</c> over draws of the flow, for variational inference.
/// </summary>
/// <remarks>Draws must carry a gradient, so it takes flows whose Generate has a closed form. It seeks modes: what q does not draw, p is not asked about. Source: Rezende and Mohamed 2015, https://arxiv.org/abs/1505.05770.</remarks>
public static class ReverseKl
{
    /// <summary>The sum of <c>log q(x) − log p(x)</c> over draws number <paramref name="first"/> and following: a scalar with a gradient.</summary>
    /// <param name="flow">The flow, without context.</param>
    /// <param name="logTarget">log p up to a constant, nats: rows <c>[B, D]</c> in the units of the data to <c>[B]</c>, differentiable.</param>
    /// <param name="random">The stream.</param>
    /// <param name="first">Number of the first draw.</param>
    /// <param name="rows">How many.</param>
    /// <exception cref="ArgumentException">The flow has a context, solves for its draws, or has a base that chooses.</exception>
    public static Tensor Loss(Flow flow, Func<Tensor, Tensor> logTarget, CounterRandom random, long first, int rows)
    {
        if (flow.Spec.Context.Length > 0) throw new ArgumentException("Reverse KL fits a flow without context; this one has some.", nameof(flow));
        if (flow.Spec.Can().HasFlag(Capability.IterativeGenerate)) throw new ArgumentException($"The draws of {flow.Spec.Preset} are roots, which carry no gradient; fit a flow whose samples take one pass or a pass for each column.", nameof(flow));
        if (Chooses(flow.Spec.Base)) throw new ArgumentException("A base that chooses, a mixture or a resampled one, chooses anew where its weights move, which the gradient of a draw does not see; take another base.", nameof(flow));
        using var scope = NewDisposeScope();
        var (x, logProb) = flow.Sample(random, first, rows);
        return (logProb - logTarget(x)).sum().MoveToOuterDisposeScope();
    }

    private static bool Chooses(BaseSpec density) => density is MixtureSpec or ResampledSpec || (density is FlowBaseSpec inner && Chooses(inner.Base));
}
