using FlowGrain.Data;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Tables;

namespace FlowGrain.Training;

/// <summary>What is fitted to training rows that may lack values: each column to those that are there, the Gaussian to a sample of the rows.</summary>
internal sealed class MissingFit
{
    private const int MostRows = 16_384; // a covariance hardly gains from more
    private const int LeastRows = 4; // a column
    private const double Work = 2e9; // a step of the fit inverts a matrix for every combination of gaps, and there may be one a row

    private readonly int _d; // columns of the flow
    private readonly int _c; // context proper
    private readonly int[] _columns; // that may lack a value
    private readonly PresentMoments _mapped;
    private readonly PresentMoments _raw;
    private readonly RowSample _sample;
    private readonly RowSample _weights; // of its rows

    internal MissingFit(TableSpec table)
    {
        _columns = [.. table.Missing!.Value];
        (_d, _c) = (table.FlowColumns.Length, table.FlowContext.Length - _columns.Length);
        (_mapped, _raw, _sample, _weights) = (new(_d), new(_d), Sample(_d + _c, _d + _c), Sample(_d + _c, width: 1));
    }

    /// <summary>Adds rows <c>[B, D + C]</c> of the flow, and their modelled numbers once they are mapped.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="weights">How often each counts; empty where each counts once.</param>
    /// <param name="mapped">Their mapped numbers, of which those that are missing become NaN.</param>
    internal void Add(ReadOnlySpan<double> rows, ReadOnlySpan<float> weights, Span<double> mapped)
    {
        var width = _d + _c + _columns.Length;
        var (raw, row) = (new double[mapped.Length], new double[_d + _c]);
        for (var i = 0; i < rows.Length / width; i++)
        {
            rows.Slice(i * width, row.Length).CopyTo(row);
            for (var k = 0; k < _columns.Length; k++)
                if (rows[i * width + row.Length + k] == 0) row[_columns[k]] = mapped[i * _d + _columns[k]] = double.NaN;
            row.AsSpan(0, _d).CopyTo(raw.AsSpan(i * _d));
            _sample.Add(row);
            _weights.Add([weights.IsEmpty ? 1 : weights[i]]);
        }

        _mapped.Add(mapped, weights);
        _raw.Add(raw, weights);
    }

    /// <summary>Of the mapped numbers that are there.</summary>
    internal Moments Mapped => _mapped.AsMoments();

    /// <summary>Of all columns, none of which vary together.</summary>
    /// <param name="context">Of all context.</param>
    internal Moments Columns(Moments context)
    {
        var columns = _raw.AsMoments();
        return Moments.Independent(
            columns.Count, columns.Weight, [.. columns.Mean, .. context.Mean], [.. columns.Min, .. context.Min], [.. columns.Max, .. context.Max],
            [.. Variances(columns), .. Variances(context)]);
    }

    /// <summary>The maximum-likelihood Gaussian of the sample, of which the context proper is conditioned on.</summary>
    internal Gaussian Gaussian(CancellationToken cancellation) => GaussianEm.Fit(_sample.Rows, _d, _c, cancellation, _weights.Rows);

    /// <summary>Which rows are in it depends on the columns alone.</summary>
    private static RowSample Sample(int columns, int width) =>
        new((int)Math.Clamp(Work / Math.Pow(columns, 3), LeastRows * columns, Math.Max(MostRows, LeastRows * columns)), width, new CounterRandom(0, "gaussian"));

    private static IEnumerable<double> Variances(Moments moments) => Enumerable.Range(0, moments.Width).Select(column => moments.Covariance(column, column));
}
