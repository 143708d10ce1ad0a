namespace FlowGrain.Data;

/// <summary>What one column of a file holds, gathered batch by batch.</summary>
internal sealed class ColumnSurvey
{
    private readonly DistinctValues _distinct = new();
    private double _min = double.PositiveInfinity;
    private double _max = double.NegativeInfinity;
    private bool _isWhole = true;
    private long _numbers;
    private long _rows;

    /// <summary>Begins with nothing seen.</summary>
    internal ColumnSurvey(string name) => Profile = new(name, _distinct);

    /// <summary>What the reader of a csv notes about its text.</summary>
    internal ColumnProfile Profile { get; }

    /// <summary>Whether it has a finite number.</summary>
    internal bool HasNumbers => _numbers > 0;

    private string Type(bool isText) => isText ? "text" : this switch
    {
        _ when _distinct.Count <= 1 => "constant",
        _ => _isWhole ? "integer" : "number",
    };

    /// <summary>Adds every <paramref name="width"/>-th number, from <paramref name="column"/> on.</summary>
    internal void Add(ReadOnlySpan<double> rows, int column, int width)
    {
        for (var i = column; i < rows.Length; i += width)
            if (double.IsFinite(rows[i])) Add(rows[i]);
        _rows += rows.Length / width;
    }

    /// <summary>The column as the inspection shows it.</summary>
    /// <param name="besideText">Whether another column is text: then training asks for numeric ones, and codes are none.</param>
    internal ColumnInspection Describe(bool besideText)
    {
        var isText = Profile.IsText || (besideText && Profile.Code is not null);
        return isText || !HasNumbers
            ? new(Profile.Name, Type(isText), null, null, Missing, _distinct.Count, Note(isText))
            : new(Profile.Name, Type(isText), _min, _max, Missing, _distinct.Count, Note(isText));
    }

    private string? Note(bool isText) => Profile.Code is not { } code ? null
        : $"its leading zeros, as in '{code}', are those of codes; {(isText ? "name it with --columns to train on it as numbers" : "training takes it as numbers, so leave it out if it is one")}";

    private long Missing => _rows - _numbers - Profile.Texts;

    private void Add(double value)
    {
        _numbers++;
        _min = Math.Min(_min, value);
        _max = Math.Max(_max, value);
        _isWhole &= value == Math.Floor(value);
        _distinct.Add(value);
    }
}
