using FlowGrain.Flows;

namespace FlowGrain.Serving;

/// <summary>A version of a model, read and verified.</summary>
/// <param name="Name">The model.</param>
/// <param name="Version">The version.</param>
/// <param name="Flow">Its flow.</param>
/// <param name="Record">Where it comes from.</param>
/// <param name="Weights">Its parameters, <c>[P]</c>.</param>
internal sealed record StoredModel(string Name, int Version, FlowSpec Flow, RunRecord Record, float[] Weights)
{
    /// <summary>Rows with the log-densities that they must have; null of models that were published without.</summary>
    internal GoldenRows? Golden { get; init; }
}
