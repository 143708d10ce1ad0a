using FlowGrain.Flows.Engines;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Objectives;

/// <summary>Σ −w log p over the rows, in nats: what a flow is trained by whose spec names no objective.</summary>
internal static class MaximumLikelihood
{
    internal static Tensor Loss(Flow flow, Tensor x, Tensor? context, TrainingDraw draw, Tensor? weights)
    {
        var (z, logDet) = flow.NormalizeInTraining(x, context, draw);
        var logProb = flow.LogProbInTraining(z, logDet, context, draw);
        return -(weights is null ? logProb : logProb * weights).sum();
    }
}
