using FlowGrain.Flows;

namespace FlowGrain.Training;

/// <summary>What a run begins with that does not begin with fresh weights.</summary>
/// <param name="Origin">The model.</param>
/// <param name="Flow">Its flow, with what was fitted to the rows that it learned from: without it the weights would mean something else.</param>
/// <param name="Weights">Its parameters, <c>[P]</c>.</param>
internal sealed record Beginning(ModelOrigin Origin, FlowSpec Flow, float[] Weights);

/// <summary>The published model whose weights a run began with.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="WeightsSha256">SHA-256 of its weights.</param>
internal sealed record ModelOrigin(string Model, int Version, string WeightsSha256)
{
    /// <summary>As its user names it.</summary>
    public override string ToString() => $"{Model}@{Version}";
}
