using System.Collections.Immutable;
using FlowGrain.Flows;
using FlowGrain.Flows.Marginals;
using FlowGrain.Flows.Tables;

namespace FlowGrain.Serving;

/// <summary>Says of the columns of a row how likely each is given all others: what is unlikely is why the row is an anomaly.</summary>
/// <remarks>
/// Whole numbers are spread as they were when the row was scored, and stay so while another column changes. What a row lacks is
/// unknown of it; the other columns are judged by what is there. The context is given, and not judged.
/// </remarks>
/// <param name="engine">The model.</param>
/// <param name="density">Computes rows of the table; a row's answer must not depend on its neighbours.</param>
/// <param name="mostRows">How many it takes at once, at most.</param>
internal sealed class Explanation(ModelEngine engine, Func<Block<double>, Task<Densities>> density, int mostRows)
{
    private const float LeastRounding = 2e-7f; // of float32, beside the number itself
    private const int CallNumbers = 1 << 17; // 1 MiB of rows at once: of a wide row few, and no narrow one asks for more
    private const int ColumnBytes = 8 << 10; // of its points and what they came to

    private readonly FlowSpec _flow = engine.Model.Flow;
    private readonly ImmutableArray<ColumnSpec> _columns = engine.Encoder.Table.Columns;
    private readonly int _callRows = Math.Clamp(CallNumbers / engine.Width, 1, mostRows);

    /// <summary>Rows that it asks for at once for each that it explains, at most.</summary>
    internal int RowsAtOnce => (int)Math.Min(_callRows, _columns.Sum(column => column is CategoryColumn { Levels.Length: var levels } ? (long)levels : ConditionalDensity.CallsAtOnce));

    /// <summary>Memory for each row that it explains, at most: the rows that it asks for, here and as they are computed, and what its columns know.</summary>
    internal long Bytes => 2L * sizeof(double) * RowsAtOnce * engine.Width + (long)_columns.Length * ColumnBytes;

    /// <summary>The columns of a row <c>[W]</c>, in their order.</summary>
    /// <param name="row">Its numbers.</param>
    /// <param name="logDensity">Its log-density.</param>
    internal async Task<ImmutableArray<ColumnShare>> Of(ReadOnlyMemory<double> row, float logDensity)
    {
        var spread = Spread(row.Span);
        ColumnConditional?[] conditionals = [.. Enumerable.Range(0, _columns.Length).Select(column => Conditional(column, spread[column], logDensity))];
        while (conditionals.Select(one => one?.Next() ?? []).ToArray() is var points && points.Any(values => values.Length > 0))
        {
            var answers = (await Densities(spread, points)).AsMemory();
            for (var column = 0; column < points.Length; column++)
            {
                if (points[column].Length > 0) conditionals[column]!.Add(answers.Span[..points[column].Length]);
                answers = answers[points[column].Length..];
            }
        }

        return [.. conditionals.Select((one, column) => one?.Share(_columns[column].Name) ?? ColumnConditional.Unknown(_columns[column].Name))];
    }

    /// <summary>The row as the flow has it, in the columns of the table: what is spread is no whole number any more, and stays where it is.</summary>
    private double[] Spread(ReadOnlySpan<double> row)
    {
        var spread = row.ToArray();
        var encoded = engine.Encoded(row);
        foreach (var (column, index) in _columns.Concat(engine.Encoder.Table.Context).Select((column, index) => (column, index)))
        {
            if (column.SpreadOver() is null || double.IsNaN(row[index])) continue;
            spread[index] = encoded[index < _columns.Length ? _flow.Columns.IndexOf(column.Name) : _flow.Columns.Length + _flow.Context.IndexOf(column.Name)];
        }

        return spread;
    }

    private ColumnConditional? Conditional(int column, double value, float logDensity)
    {
        if (!double.IsFinite(value) || float.IsNaN(logDensity)) return null;
        var rounding = Math.Max(engine.Model.Record.LogDensityError?.High ?? 0, float.IsFinite(logDensity) ? LeastRounding * Math.Abs(logDensity) : 0);
        if (_columns[column] is CategoryColumn category) return new ConditionalLevels((int)value, category.Levels.Length, rounding);
        if (_columns[column] is CircleColumn angle) return new ConditionalAngle(value, logDensity, new CircleMap(angle.Period, angle.From), rounding);
        var range = engine.Model.Record.Ranges[_flow.Columns.IndexOf(_columns[column].Name)];
        var scale = range.High > range.Low ? (range.High - range.Low) / 6 : 1e-3 * Math.Max(1, Math.Abs(value)); // six deviations, of a normal column
        return new ConditionalDensity(value, logDensity, (range.Low + range.High) / 2, scale, rounding);
    }

    /// <summary>Log-densities of the row with each of the points in its column, some at a time.</summary>
    private async Task<float[]> Densities(double[] row, double[][] points)
    {
        var answers = new List<float>();
        foreach (var some in points.SelectMany((values, column) => values.Select(value => (column, value))).Chunk(_callRows))
            answers.AddRange((await density(Changed(row, some))).LogDensity.Span);
        return [.. answers];
    }

    /// <summary>The row once for each change of a column.</summary>
    private static Block<double> Changed(double[] row, (int Column, double Value)[] changes)
    {
        var rows = new double[changes.Length * row.Length];
        for (var i = 0; i < changes.Length; i++)
        {
            row.CopyTo(rows, i * row.Length);
            rows[i * row.Length + changes[i].Column] = changes[i].Value;
        }

        return new Block<double>(rows);
    }
}
