using System.Collections.Immutable;

namespace FlowGrain.Client;

/// <summary>How many rows to draw, and how.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Seed">Seed of the draws; draw <c>i</c> depends on the seed and <c>i</c> alone.</param>
/// <param name="Context">Values to condition every draw on, in the order of the model's context columns; empty without context.</param>
public sealed record SampleOrder(long Rows, long Seed, ImmutableArray<double> Context);
