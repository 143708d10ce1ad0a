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

    private string Type => this switch
    {
        { Profile.IsText: true } => "text",
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
    internal ColumnInspection Describe() => Profile.IsText || !HasNumbers
        ? new(Profile.Name, Type, null, null, Missing, _distinct.Count)
        : new(Profile.Name, Type, _min, _max, Missing, _distinct.Count);

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
