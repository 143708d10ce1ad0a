using System.Collections.Immutable;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Flows.Tables;

/// <summary>Rows as the bins that their spread values stand for: how probable one is, estimated by the mean density of several draws in it.</summary>
/// <remarks>
/// <para>A bin is [x, x + step) in every modelled column that is spread, and <c>P(bin) = E_u p(x + u) Π step</c> with u uniform in it. The
/// estimate is <c>log (1/K Σ p(x + u_k)) + Σ log step</c>: of P without bias, of log P therefore from below on average, by an error
/// that falls with 1/√K. The draws are those of the row's values, the first of them that of its usual score.</para>
/// <para>Columns that are not spread keep their density; a category its probability. What a row lacks is in no bin.</para>
/// <para>Source: Theis et al. 2016, "A note on the evaluation of generative models", https://arxiv.org/abs/1511.01844, section 3.1.</para>
/// </remarks>
/// <param name="table">The table.</param>
public sealed class Bins(TableSpec table)
{
    /// <summary>Draws that may be asked for.</summary>
    public const int MostDraws = 1024;

    private readonly ImmutableArray<ColumnSpec> _columns = [.. table.Columns, .. table.Context];

    /// <summary>Whether a modelled column is spread, so that there are bins.</summary>
    public bool Any => table.Columns.Any(column => column.SpreadOver() is not null);

    /// <summary>Rows <c>[B, W]</c> of the table as draws in their bins <c>[B · K, W]</c>, those of a row side by side; an encoder takes them as they are.</summary>
    public double[] Draws(ReadOnlySpan<double> rows, int draws)
    {
        var (width, drawn) = (_columns.Length, new double[rows.Length * draws]);
        for (var row = 0; row < rows.Length / width; row++)
        {
            var values = rows.Slice(row * width, width);
            var spread = Spread.Of(_columns, values);
            for (var draw = 0; draw < draws; draw++) Draw(values, spread.Number(draw), drawn.AsSpan((row * draws + draw) * width, width));
        }

        return drawn;
    }

    /// <summary>log P of the bins of rows <c>[B, W]</c>, nats, from the log-densities <c>[B · K]</c> of their draws.</summary>
    public float[] LogProb(ReadOnlySpan<double> rows, ReadOnlySpan<float> logDensity, int draws)
    {
        var (width, estimates) = (_columns.Length, new float[logDensity.Length / draws]);
        for (var row = 0; row < estimates.Length; row++) estimates[row] = (float)(LogMean(logDensity.Slice(row * draws, draws)) + LogVolume(rows.Slice(row * width, width)));
        return estimates;
    }

    private void Draw(ReadOnlySpan<double> row, Spread spread, Span<double> drawn)
    {
        for (var column = 0; column < row.Length; column++)
            drawn[column] = _columns[column].SpreadOver() is { } step ? LatticeColumn.InBin(row[column], spread.Of(column), step) : row[column];
    }

    private static double LogMean(ReadOnlySpan<float> logs)
    {
        var (highest, sum) = (double.NegativeInfinity, 0.0);
        foreach (var log in logs) highest = float.IsNaN(log) ? double.NaN : Math.Max(highest, log);
        if (!double.IsFinite(highest)) return highest;
        foreach (var log in logs) sum += PortableMath.Exp(log - highest);
        return highest + PortableMath.Log(sum / logs.Length);
    }

    private double LogVolume(ReadOnlySpan<double> row)
    {
        var sum = 0.0;
        for (var column = 0; column < table.Columns.Length; column++)
            if (_columns[column].SpreadOver() is { } step && !double.IsNaN(row[column])) sum += PortableMath.Log(step);
        return sum;
    }
}
