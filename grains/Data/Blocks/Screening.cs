using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>Finds what no density of a file could come of.</summary>
/// <param name="rows">The file, read to its end.</param>
/// <param name="columns">Those of its selected columns that are numbers, the modelled ones first.</param>
/// <param name="dimension">How many of them are modelled.</param>
internal sealed class Screening(CompleteRows rows, ImmutableArray<int> columns, int dimension)
{
    private readonly TableReader _reader = rows.Reader;
    private readonly Moments _moments = rows.OfColumns.Of(columns);

    /// <summary>Looks at the chosen columns that are numbers: whether each varies, none is determined by the others, and the rows suffice.</summary>
    internal static Screening Of(CompleteRows rows, ColumnChoice choice)
    {
        ImmutableArray<int> numbers = [.. Enumerable.Range(0, choice.Indexes.Length).Where(column => choice.Levels[choice.Indexes[column]] is null)];
        return new Screening(rows, numbers, numbers.Count(column => column < choice.Dimension));
    }

    /// <summary>Every fault, as a sentence; each is looked for when it is asked for.</summary>
    internal IEnumerable<string> Faults() => (TooFewRows() ?? WithoutValue() ?? RangeOutsideFloat64()) is { } unmeasured
        ? [unmeasured] // the statistics say nothing more
        : Degenerate(_moments, columns).Faults().Concat(AmongThoseThere());

    /// <summary>Where values may be missing, how columns depend on one another is known of those that always have one.</summary>
    private IEnumerable<string> AmongThoseThere()
    {
        ImmutableArray<int> there = [.. columns.Intersect(rows.AlwaysThere)];
        if (there.Length < columns.Length && Degenerate(rows.Moments.Of(there), there).Dependence() is { } dependence) yield return dependence;
    }

    private Degeneracy Degenerate(Moments moments, ImmutableArray<int> of) =>
        new(moments, [.. of.Select(column => _reader.Columns[_reader.Selected[column]])], of.Count(column => columns.IndexOf(column) < dimension), _reader.FileName);

    private string? WithoutValue()
    {
        var empty = Enumerable.Range(0, _moments.Width).Where(column => _moments.Min[column] > _moments.Max[column]).Select(Name).ToList();
        return empty.Count == 0 ? null : $"'{_reader.FileName}' has no value at all in {NameList.Quoted(empty)}; leave {(empty.Count == 1 ? "it" : "them")} out of --columns.";
    }

    private string? TooFewRows()
    {
        if (_moments.Count >= 2) return null;

        var left = _moments.Count == 0 ? "no rows" : "only one row";
        if (rows.Weightless > 0) return $"'{_reader.FileName}' has {left} of a weight above 0 in the column of --weights; a density needs at least two.";
        return (rows.Dropped, _reader.HasNames, _moments.Count) switch
        {
            ( > 0, _, _) => $"'{_reader.FileName}' has {left} left after {rows.Dropped} with missing values were dropped; choose fuller columns with --columns.",
            (_, _, 0) when _reader.IsFiltered => $"'{_reader.FileName}' has no row that meets --where; widen the condition.",
            (_, true, 0) => $"'{_reader.FileName}' has a header but no rows; add data.",
            _ => $"'{_reader.FileName}' has {left}; a density needs at least two: add rows.",
        };
    }

    private string? RangeOutsideFloat64()
    {
        for (var column = 0; column < _moments.Width; column++)
        {
            var (least, most, deviation) = (_moments.Min[column], _moments.Max[column], _moments.Deviation(column));
            if (!double.IsFinite(deviation)) return $"'{_reader.FileName}': column '{Name(column)}' reaches from {least} to {most}, too far for float64 statistics; rescale it.";
            if (deviation == 0 && most - least > Math.Abs(most) / 2) return $"'{_reader.FileName}': column '{Name(column)}' reaches from {least} to {most}, too little for float64 statistics; rescale it.";
        }

        return null;
    }

    private string Name(int column) => _reader.Columns[_reader.Selected[columns[column]]];
}
