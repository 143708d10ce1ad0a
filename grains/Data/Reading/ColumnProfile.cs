using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace FlowGrain.Data;

/// <summary>What the cells of one csv column are.</summary>
/// <param name="name">The column's name.</param>
/// <param name="distinct">Where to count its texts; null where nobody asks.</param>
internal sealed class ColumnProfile(string name, DistinctValues? distinct = null)
{
    private const int ShownLetters = 40;
    private CellKind _kind;
    private long _numbers;
    private long _codes;

    /// <summary>The column's name.</summary>
    internal string Name { get; } = name;

    /// <summary>How many cells are text.</summary>
    internal long Texts { get; private set; }

    /// <summary>The first text cell; where there is none, the first code such as 00501.</summary>
    internal string? Text { get; private set; }

    /// <summary>The row of <see cref="Text"/>, 1-based.</summary>
    internal long TextRow { get; private set; }

    /// <summary>The first code such as 00501 of a column without text; null where there is none.</summary>
    internal string? Code => Texts == 0 ? Text : null;

    /// <summary>Whether its values are dates.</summary>
    internal bool IsDate => _kind == CellKind.Date;

    /// <summary>Whether text prevails, so that the column as a whole is text.</summary>
    internal bool IsText => Texts > _numbers;

    /// <summary>Whether its first text is a number with a decimal comma.</summary>
    internal bool HasDecimalComma => Texts > 0 && Cell.HasDecimalComma(Text);

    /// <summary>Whether every present cell is a number, and none a code with leading zeros.</summary>
    internal bool IsNumeric => Texts == 0 && _codes == 0 && _numbers > 0;

    /// <summary>Profiles every column of the file, from its first row to its last.</summary>
    internal static ColumnProfile[] All(CsvReader reader)
    {
        var profiles = reader.Columns.Select(name => new ColumnProfile(name)).ToArray();
        using var records = reader.Again();
        for (var row = 1L; records.Next(); row++)
            for (var column = 0; column < Math.Min(records.Count, profiles.Length); column++)
                profiles[column].Read(records[column], row);
        return profiles;
    }

    /// <summary>Takes note of a cell and gives its number; NaN for a missing value and for text.</summary>
    internal double Read(ReadOnlySpan<char> cell, long row)
    {
        if (!Cell.TryParse(cell, ref _kind, out var value)) return ReadText(cell, row);

        if (Cell.IsCode(cell)) ReadCode(cell, row);
        else if (!double.IsNaN(value)) _numbers++;
        return value;
    }

    /// <summary>Takes note of a value of a column that is no number by its type.</summary>
    internal void AddText(ulong hash)
    {
        Texts++;
        distinct?.Add(hash);
    }

    private double ReadText(ReadOnlySpan<char> cell, long row)
    {
        if (Texts++ == 0) Remember(cell, row);
        distinct?.Add(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(cell)));
        return double.NaN;
    }

    private void ReadCode(ReadOnlySpan<char> cell, long row)
    {
        _codes++;
        if (Text is null) Remember(cell, row);
    }

    private void Remember(ReadOnlySpan<char> cell, long row) =>
        (Text, TextRow) = (cell.Length > ShownLetters ? $"{cell[..ShownLetters]}…" : cell.ToString(), row);
}
