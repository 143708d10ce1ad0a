using System.Collections.Immutable;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows;

/// <summary>
/// What a flow finds the missing values of a row to be worth: they pass it as they came, so that it counts them as draws of the
/// base, through the maps of their columns alone, <c>Σ (log N(z) + log |dz/dx|)</c> over what is missing.
/// </summary>
internal sealed class MissingWorth(FlowSpec spec)
{
    private readonly StandardizeSpec _scaling = spec.Standardize();
    private readonly MarginalSpec? _marginal = spec.Marginal();
    private readonly ImmutableArray<int> _columns = spec.Missing!.Value;

    /// <summary>Of a row <c>[D + C]</c>, nats; NaN where its context is no number, since neither is the density of what is there.</summary>
    internal double Of(ReadOnlySpan<double> row)
    {
        var sum = 0.0;
        var flags = row[^_columns.Length..];
        foreach (var given in row[spec.Columns.Length..]) sum += 0 * given;
        for (var i = 0; i < _columns.Length; i++)
            if (flags[i] < MissingColumns.Half) sum += Of(_columns[i], row[_columns[i]]);
        return sum;
    }

    private double Of(int column, double x)
    {
        var logSlope = 0.0;
        var y = _marginal is null ? x : _marginal.Maps[column].Normalize(x, out logSlope);
        var z = (y - _scaling.Shift[column]) / _scaling.Scale[column];
        return logSlope - PortableMath.Log(_scaling.Scale[column]) - 0.5 * (z * z + PortableMath.LogTwoPi);
    }
}
