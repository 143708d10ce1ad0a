namespace FlowGrain.Data;

/// <summary>Refuses or leaves out rows with a missing or non-finite value.</summary>
internal sealed class RowFilter(TableReader reader, MissingRows missing)
{
    /// <summary>Rows left out so far.</summary>
    internal long Dropped { get; private set; }

    /// <summary>Moves the complete rows to the front and returns how many there are.</summary>
    /// <param name="rows">The rows that the reader gave last, row-major.</param>
    internal int Keep(Span<double> rows)
    {
        var width = reader.Width;
        var (count, kept) = (rows.Length / width, 0);
        for (var row = 0; row < count; row++)
        {
            var values = rows.Slice(row * width, width);
            if (IsComplete(values)) values.CopyTo(rows.Slice(kept++ * width, width));
            else if (missing == MissingRows.Refuse) throw Incomplete(values, reader.RowsRead - count + row + 1);
        }

        Dropped += count - kept;
        return kept;
    }

    private static bool IsComplete(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
            if (!double.IsFinite(value)) return false;
        return true;
    }

    private BadInputException Incomplete(ReadOnlySpan<double> values, long row)
    {
        var column = 0;
        while (double.IsFinite(values[column])) column++;

        var what = double.IsNaN(values[column]) ? "is missing (empty or NaN)" : $"is not finite ({(values[column] > 0 ? "inf" : "-inf")})";
        var name = reader.Columns[reader.Selected[column]];
        return new($"'{reader.FileName}': {reader.Where(row)}, column '{name}' {what}; mend it, or leave such rows out with --missing drop.");
    }
}
