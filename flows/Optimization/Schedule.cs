using FlowGrain.Flows.Numerics;

namespace FlowGrain.Flows.Optimization;

/// <summary>Learning rate by step: a linear warm-up to the peak, then half a cosine down to zero at the last step.</summary>
/// <param name="Peak">Peak learning rate.</param>
/// <param name="WarmupSteps">Steps of the warm-up.</param>
/// <param name="Steps">Steps of the run.</param>
/// <remarks>Source: Loshchilov and Hutter 2017, https://arxiv.org/abs/1608.03983; the warm-up of Goyal et al. 2017.</remarks>
public sealed record Schedule(double Peak, long WarmupSteps, long Steps)
{
    /// <summary>The rate of a step, counted from 1.</summary>
    public double At(long step)
    {
        if (step <= WarmupSteps) return Peak * step / WarmupSteps;
        var progress = Math.Min(1, (double)(step - WarmupSteps) / Math.Max(1, Steps - WarmupSteps));
        return Peak * 0.5 * (1 + PortableMath.SineAndCosineOfTurns(progress / 2).Cosine);
    }
}
