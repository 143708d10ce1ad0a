using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>Some rows of a data set, in the units of its source; a category has the index of its level.</summary>
/// <param name="Columns">The columns, modelled ones first.</param>
/// <param name="Rows">Row-major <c>[B, columns]</c>.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.data.TableRows")]
public sealed record TableRows([property: Id(0)] ImmutableArray<string> Columns, [property: Id(1)] Block<double> Rows)
{
    /// <summary>Most rows of a call.</summary>
    public const int MostRows = 10_000;
}
