namespace FlowGrain.Data;

/// <summary>Finds what would make a density degenerate.</summary>
/// <param name="rows">The file, read to its end.</param>
/// <param name="dimension">How many of its columns, which come first, are modelled.</param>
internal sealed class Screening(CompleteRows rows, int dimension)
{
    private const int ShownDependences = 3; // a sentence with more combinations is not read
    private readonly TableReader _reader = rows.Reader;
    private readonly Moments _moments = rows.Moments;

    /// <summary>Throws a sentence unless every column varies, none is determined by the others, and the rows suffice.</summary>
    internal static void Require(CompleteRows rows, int dimension)
    {
        if (new Screening(rows, dimension).Faults().FirstOrDefault() is { } fault) throw new BadInputException(fault);
    }

    /// <summary>Every fault, as a sentence; each is looked for when it is asked for.</summary>
    internal IEnumerable<string> Faults()
    {
        if ((TooFewRows() ?? TooWideRange()) is { } unmeasured)
        {
            yield return unmeasured; // the statistics say nothing more
            yield break;
        }

        var constant = Enumerable.Range(0, _moments.Width).Where(_moments.IsConstant).ToList();
        if (constant.Count > 0) yield return Constant(constant);
        if ((FewerRowsThanColumns() ?? Dependent(constant)) is { } fault) yield return fault;
    }

    private string? TooFewRows()
    {
        if (_moments.Count >= 2) return null;

        var left = _moments.Count == 0 ? "no rows" : "only one row";
        return (rows.Dropped, _reader.HasNames, _moments.Count) switch
        {
            ( > 0, _, _) => $"'{_reader.FileName}' has {left} left after {rows.Dropped} with missing values were dropped; choose fuller columns with --columns.",
            (_, true, 0) => $"'{_reader.FileName}' has a header but no rows; add data.",
            _ => $"'{_reader.FileName}' has {left}; a density needs at least two: add rows.",
        };
    }

    private string? TooWideRange()
    {
        for (var column = 0; column < _moments.Width; column++)
            if (!double.IsFinite(_moments.Deviation(column)))
                return $"'{_reader.FileName}': column '{Name(column)}' reaches from {_moments.Min[column]} to {_moments.Max[column]}, too far for float64 statistics; rescale it.";
        return null;
    }

    private string Constant(List<int> constant)
    {
        var values = NameList.Of(constant, column => $"{NameList.Quoted(Name(column))} (always {_moments.Min[column]})");
        return $"'{_reader.FileName}' has {(constant.Count == 1 ? "a constant column" : "constant columns")}: {values}; {Without(constant)}.";
    }

    private string? FewerRowsThanColumns() => _moments.Count > _moments.Width ? null :
        $"'{_reader.FileName}' has {_moments.Count} rows for {_moments.Width} columns; a density needs more rows than columns: add rows or choose fewer with --columns.";

    private string? Dependent(List<int> constant)
    {
        var found = LinearDependence.Find(_moments, dimension);
        if (found.Length == 0) return null;

        var combinations = string.Join("; ", found.Take(ShownDependences).Select(Combination)) + (found.Length > ShownDependences ? $"; and {found.Length - ShownDependences} more" : "");
        return $"'{_reader.FileName}' has linearly dependent columns: {combinations}, " +
               $"so the density would be degenerate; {Without([.. constant, .. found.Select(dependence => dependence.Column)])}.";
    }

    private string Combination(LinearDependence dependence) =>
        $"'{Name(dependence.Column)}' = a linear combination of {NameList.Quoted([.. dependence.On.Select(Name)])}";

    private string Name(int column) => _reader.Columns[_reader.Selected[column]];

    private string Without(List<int> left)
    {
        var (rest, them) = (Enumerable.Range(0, _reader.Width).Except(left).Select(Name), left.Count == 1 ? "it" : "them");
        return ColumnsOption.Of(rest) is { } option ? $"leave {them} out: {option}" : $"leave {them} out of --columns and --context";
    }
}
