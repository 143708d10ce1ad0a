using System.Collections.Immutable;

namespace FlowGrain.Serving;

/// <summary>What a column looks like in the data, and in samples of the model.</summary>
/// <param name="Name">The column.</param>
/// <param name="Min">Its smallest value in the data set.</param>
/// <param name="Max">Its largest.</param>
/// <param name="Rows">How many of some training rows lie in each of equal stretches between the 0.1% and the 99.9% quantile; empty for context.</param>
/// <param name="Samples">The same of as many samples.</param>
internal sealed record ColumnPortrait(string Name, double Min, double Max, ImmutableArray<int> Rows, ImmutableArray<int> Samples);
