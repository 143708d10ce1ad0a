namespace FlowGrain.Data;

/// <summary>What the cells of one csv column are.</summary>
internal sealed class ColumnProfile(string name)
{
    private const int ShownLetters = 40;
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

    /// <summary>Where <see cref="Text"/> is, in words.</summary>
    internal string Place { get; private set; } = "";

    /// <summary>Whether text prevails, so that the column as a whole is text.</summary>
    internal bool IsText => Texts > _numbers;

    /// <summary>Whether every present cell is a number, and none a code with leading zeros.</summary>
    internal bool IsNumeric => Texts == 0 && _codes == 0 && _numbers > 0;

    /// <summary>Profiles every column of the file, from its first row to its last.</summary>
    internal static ColumnProfile[] All(CsvReader reader)
    {
        var profiles = reader.Columns.Select(name => new ColumnProfile(name)).ToArray();
        using var records = reader.Again();
        for (var row = 1L; records.Next(); row++)
            for (var column = 0; column < Math.Min(records.Count, profiles.Length); column++)
                profiles[column].Add(records[column], row, records.Line);
        return profiles;
    }

    private void Add(ReadOnlySpan<char> cell, long row, long line)
    {
        if (!Cell.TryParse(cell, out var value))
        {
            if (Texts++ == 0) Remember(cell, row, line);
        }
        else if (Cell.IsCode(cell))
        {
            _codes++;
            if (Text is null) Remember(cell, row, line);
        }
        else if (!double.IsNaN(value))
        {
            _numbers++;
        }
    }

    private void Remember(ReadOnlySpan<char> cell, long row, long line)
    {
        Text = cell.Length > ShownLetters ? $"{cell[..ShownLetters]}…" : cell.ToString();
        TextRow = row;
        Place = $"row {row} (line {line})";
    }
}
