namespace FlowGrain.Data;

/// <summary>The statistics of the rows in which no selected column lacks a value.</summary>
/// <param name="reader">The file, its columns selected.</param>
/// <param name="missing">What to do with the other rows.</param>
internal sealed class CompleteRows(TableReader reader, MissingRows missing)
{
    private const int BatchNumbers = 1 << 15; // 256 KiB: a batch and its transpose stay in the second-level cache
    private readonly RowFilter _filter = new(reader, missing);

    /// <summary>The file.</summary>
    internal TableReader Reader => reader;

    /// <summary>Their statistics.</summary>
    internal Moments Moments { get; } = new(reader.Width);

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
        Moments.Add(kept);
        Statistics.Add(kept);
        return kept;
    }
}
