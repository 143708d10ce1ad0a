using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>The statistics of the rows in which no selected column lacks a value that it must have.</summary>
/// <param name="reader">The file, its columns selected.</param>
/// <param name="missing">What to do with the other rows.</param>
/// <param name="mayMiss">Whether a selected column may lack its value, by its place; without it none may.</param>
/// <param name="modelled">How many of the selected columns are modelled.</param>
/// <param name="weight">The place of the column that weighs the rows; null without.</param>
internal sealed class CompleteRows(TableReader reader, MissingRows missing, Func<int, bool>? mayMiss = null, int modelled = 0, int? weight = null)
{
    private const int BatchNumbers = 1 << 15; // 256 KiB: a batch and its transpose stay in the second-level cache
    private readonly RowFilter _filter = new(reader, missing, mayMiss, modelled, weight);
    private readonly PresentMoments? _present = mayMiss is null ? null : new(reader.Width);
    private double[] _filled = []; // rows in which a zero stands for what is missing

    /// <summary>The file.</summary>
    internal TableReader Reader => reader;

    /// <summary>Rows kept.</summary>
    internal long Count => _present?.Rows ?? Moments.Count;

    /// <summary>Their statistics; where values may be missing, of the columns that always have one.</summary>
    internal Moments Moments { get; } = new(reader.Width);

    /// <summary>The columns, by their place, that have a value in every row.</summary>
    internal IEnumerable<int> AlwaysThere => Enumerable.Range(0, reader.Width).Where(column => _present is null || _present.CountOf(column) == _present.Rows);

    /// <summary>Statistics of each column, of all values that are there.</summary>
    internal Moments OfColumns => _present?.AsMoments() ?? Moments;

    /// <summary>What else they say of their columns.</summary>
    internal TableStatistics Statistics { get; } = new(reader.Width);

    /// <summary>Rows, those left out included, in which a column has no value.</summary>
    internal long Missing(int column) => _filter.Missing(column);

    /// <summary>Rows left out so far for what they lack.</summary>
    internal long Dropped => _filter.Dropped;

    /// <summary>Rows of weight 0 so far, which are left out too.</summary>
    internal long Weightless => _filter.Weightless;

    /// <summary>The mean weight of the rows kept; null where each counts once.</summary>
    internal double? MeanWeight => weight is { } place ? OfColumns.Mean[place] : null;

    /// <summary>The first thousand of them.</summary>
    internal ImmutableArray<LeftOutRow> LeftOut => _filter.LeftOut;

    /// <summary>Why rows were left out, as a sentence; null where none was.</summary>
    internal string? Fault => _filter.Fault;

    /// <summary>Those of a choice of columns, which the reader then reads.</summary>
    internal static CompleteRows Of(TableReader reader, ColumnChoice choice, MissingRows missing)
    {
        choice.Select(reader);
        int? weight = choice.Weight is null ? null : reader.Width - 1;
        return missing == MissingRows.Mask
            ? new CompleteRows(reader, missing, column => column < choice.Dimension && choice.Levels[choice.Indexes[column]] is null, choice.Dimension, weight)
            : new CompleteRows(reader, missing, weight: weight);
    }

    /// <summary>A buffer of whole rows to read into.</summary>
    internal static double[] Batch(TableReader reader) => new double[Math.Max(1, BatchNumbers / reader.Width) * reader.Width];

    /// <summary>Adds rows that the reader gave, and gives the complete ones of them, moved to the front.</summary>
    /// <param name="rows">The rows, row-major.</param>
    /// <param name="first">Number of the first of them, from 1.</param>
    internal Span<double> Add(Span<double> rows, long first)
    {
        var kept = rows[..(_filter.Keep(rows, first) * reader.Width)];
        if (_present is null) Moments.Add(kept);
        else AddPresent(kept);
        Statistics.Add(kept);
        return kept;
    }

    private void AddPresent(ReadOnlySpan<double> rows)
    {
        if (_filled.Length < rows.Length) _filled = new double[rows.Length];
        for (var i = 0; i < rows.Length; i++) _filled[i] = double.IsNaN(rows[i]) ? 0 : rows[i];
        Moments.Add(_filled.AsSpan(0, rows.Length));
        _present!.Add(rows);
    }
}
