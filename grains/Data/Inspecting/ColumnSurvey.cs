namespace FlowGrain.Data;

/// <summary>What one column of a file holds, gathered batch by batch.</summary>
internal sealed class ColumnSurvey
{
    private const double AllDiffer = 0.98; // of the values, where their number is an estimate

    private readonly DistinctValues _distinct = new();
    private bool _isWhole = true;
    private long _numbers;
    private long _rows;

    /// <summary>Begins with nothing seen.</summary>
    internal ColumnSurvey(string name) => Profile = new(name, _distinct);

    /// <summary>What the reader of a csv notes about its text.</summary>
    internal ColumnProfile Profile { get; }

    /// <summary>Its name.</summary>
    internal string Name => Profile.Name;

    /// <summary>Its smallest finite number.</summary>
    internal double Min { get; private set; } = double.PositiveInfinity;

    /// <summary>Its largest finite number.</summary>
    internal double Max { get; private set; } = double.NegativeInfinity;

    /// <summary>Some of its numbers.</summary>
    internal ColumnSample Sample { get; } = new();

    /// <summary>Distinct values, exact up to <see cref="DistinctValues.Limit"/>.</summary>
    internal long Distinct => _distinct.Count;

    /// <summary>Whether all of its values, more than a few, differ; of very many, as far as an estimate tells.</summary>
    internal bool IsIdentifier => Distinct is > 20 && Distinct >= (_distinct.IsExact ? 1 : AllDiffer) * (_numbers + Profile.Texts);

    /// <summary>Whether it has a finite number.</summary>
    internal bool HasNumbers => _numbers > 0;

    private string Type(bool isText, bool isDate) => isText ? "text" : this switch
    {
        _ when _distinct.Count == 0 => "empty",
        _ when _distinct.Count == 1 => "constant",
        _ when isDate => "date",
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
    /// <param name="isDate">Whether its numbers are dates.</param>
    /// <param name="declared">What is said of it; null where nothing is.</param>
    /// <param name="isContext">Whether it is conditioned on rather than learned.</param>
    internal ColumnInspection Describe(bool besideText, bool isDate, DeclaredKind? declared, bool isContext)
    {
        var isText = Profile.IsText || (besideText && Profile.Code is not null);
        var type = Type(isText, isDate);
        var (min, max) = isText || !HasNumbers ? ((double?)null, (double?)null) : (Min, Max);
        return new(Profile.Name, type, min, max, Missing, _distinct.Count, Note(isText)) { Use = ColumnUse.Of(this, type, declared, isContext), Histogram = isText || !HasNumbers ? null : Sample.Histogram(Min, Max, _isWhole) };
    }

    private string? Note(bool isText) => Profile.Code is not { } code ? null
        : $"its leading zeros, as in '{code}', are those of codes; {(isText ? "name it with --columns to train on it as numbers" : "training takes it as numbers, so leave it out if it is one")}";

    private long Missing => _rows - _numbers - Profile.Texts;

    private void Add(double value)
    {
        _numbers++;
        Min = Math.Min(Min, value);
        Max = Math.Max(Max, value);
        _isWhole &= value == Math.Floor(value);
        _distinct.Add(value);
        Sample.Add(value);
    }
}
