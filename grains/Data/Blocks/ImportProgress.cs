namespace FlowGrain.Data;

/// <summary>How far an import is.</summary>
/// <param name="Rows">Rows read so far.</param>
/// <param name="Fraction">Share of the whole work that is done, in [0, 1].</param>
internal readonly record struct ImportProgress(long Rows, double Fraction);
