namespace FlowGrain.Data;

/// <summary>The statistics of the rows in which no selected column lacks a value that it must have.</summary>
/// <param name="reader">The file, its columns selected.</param>
/// <param name="missing">What to do with the other rows.</param>
/// <param name="mayMiss">Whether a selected column may lack its value, by its place; without it none may.</param>
internal sealed class CompleteRows(TableReader reader, MissingRows missing, Func<int, bool>? mayMiss = null)
{
    private const int BatchNumbers = 1 << 15; // 256 KiB: a batch and its transpose stay in the second-level cache
    private readonly RowFilter _filter = new(reader, missing, mayMiss);
    private readonly PresentMoments? _present = mayMiss is null ? null : new(reader.Width);
    private double[] _whole = []; // rows that lack nothing

    /// <summary>The file.</summary>
    internal TableReader Reader => reader;

    /// <summary>Rows kept.</summary>
    internal long Count => _present?.Rows ?? Moments.Count;

    /// <summary>Statistics of those that lack nothing.</summary>
    internal Moments Moments { get; } = new(reader.Width);

    /// <summary>Statistics of each column, of all values that are there.</summary>
    internal Moments OfColumns => _present?.AsMoments() ?? Moments;

    /// <summary>What else they say of their columns.</summary>
    internal TableStatistics Statistics { get; } = new(reader.Width);

    /// <summary>Rows, those left out included, in which a column has no value.</summary>
    internal long Missing(int column) => _filter.Missing(column);

    /// <summary>Rows left out so far.</summary>
    internal long Dropped => _filter.Dropped;

    /// <summary>Why rows were left out, as a sentence; null where none was.</summary>
    internal string? Fault => _filter.Fault;

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
        if (_whole.Length < rows.Length) _whole = new double[rows.Length];
        var whole = 0;
        for (var at = 0; at < rows.Length; at += reader.Width)
        {
            var row = rows.Slice(at, reader.Width);
            if (row.Contains(double.NaN)) continue;
            row.CopyTo(_whole.AsSpan(whole));
            whole += reader.Width;
        }

        Moments.Add(_whole.AsSpan(0, whole));
        _present!.Add(rows);
    }
}
