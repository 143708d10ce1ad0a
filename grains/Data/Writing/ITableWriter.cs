namespace FlowGrain.Data;

/// <summary>Takes the rows of a table, piece by piece.</summary>
public interface ITableWriter : IDisposable
{
    /// <summary>Takes whole rows, row-major.</summary>
    void Write(ReadOnlySpan<double> rows);

    /// <summary>All rows are there. Without it nothing of the table stays.</summary>
    void Complete();
}

/// <summary>A column of a table to write.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsSingle">Whether its numbers are float32; as text they then need half the digits to read back to the same bits.</param>
/// <param name="IsWhole">Whether its numbers are whole; where a format has types they are int64.</param>
public sealed record WrittenColumn(string Name, bool IsSingle = false, bool IsWhole = false);
