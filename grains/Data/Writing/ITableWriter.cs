namespace FlowGrain.Data;

/// <summary>Takes the rows of a table, piece by piece.</summary>
public interface ITableWriter : IDisposable
{
    /// <summary>Takes whole rows, row-major: their numbers, and the cells of the columns that are carried.</summary>
    void Write(ReadOnlySpan<double> rows, ReadOnlySpan<TextCells> cells = default);

    /// <summary>All rows are there. Without it nothing of the table stays.</summary>
    void Complete();
}

/// <summary>A column of a table to write.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsSingle">Whether its numbers are float32; as text they then need half the digits to read back to the same bits.</param>
/// <param name="IsWhole">Whether its numbers are whole; where a format has types they are int64.</param>
/// <param name="Carried">What its cells are, where it is carried through from another table as it is; such columns stand last.</param>
/// <param name="IsOptional">Whether a row may have none, which is NaN here: where a format has types it is null, and as text an empty cell.</param>
/// <param name="Levels">The levels of a category, whose index its numbers are; a format with text has the level itself. Null for numbers.</param>
/// <param name="IsDate">Whether its numbers are days since 1970-01-01 UTC: a format with dates has those, or moments where they are not whole. Not of a carried one.</param>
public sealed record WrittenColumn(string Name, bool IsSingle = false, bool IsWhole = false, CellType? Carried = null, bool IsOptional = false, IReadOnlyList<string>? Levels = null, bool IsDate = false)
{
    /// <summary>The level that a number of a category stands for; none for what is no index of one.</summary>
    internal string? Level(double value) => value >= 0 && value < Levels!.Count ? Levels[(int)value] : null;
}
