using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>Why training on all columns of a file would be refused: every reason, where training stops at the first.</summary>
internal sealed class Refusals(TableReader reader, TableSurvey survey)
{
    private const int MostScreened = 1_024; // the factorisation of more takes longer than anyone inspects; import does it

    /// <summary>The sentences.</summary>
    internal IEnumerable<string> All(CancellationToken cancellation)
    {
        var usable = Usable();
        IEnumerable<string?> faults = [DuplicateNames.Fault(reader), ColumnChoice.TooMany(reader, reader.Columns.Length), .. Texts(), Empty(usable)];
        return faults.OfType<string>().Concat(usable.Length is > 0 and <= MostScreened ? Screened(survey.Complete(usable, cancellation)) : []);
    }

    // The columns that the sentence about text advises; without text, every one that holds a number.
    private ImmutableArray<int> Usable() =>
        [.. Enumerable.Range(0, survey.Columns.Length).Where(column => survey.Rows == 0 || IsUsable(survey.Columns[column]))];

    private bool IsUsable(ColumnSurvey column) => column.HasNumbers && (!survey.HasText || column.Profile.IsNumeric);

    private IEnumerable<string> Texts() =>
        survey.HasText ? reader.TextFaults([.. survey.Columns.Select(column => column.Profile)]) : [];

    private string? Empty(ImmutableArray<int> usable)
    {
        var empty = survey.Columns.Where(column => survey.Rows > 0 && column is { HasNumbers: false, Profile.Texts: 0 }).Select(column => column.Profile.Name).ToList();
        if (empty.Count == 0) return null;

        var option = ColumnsOption.Of(usable.Select(column => reader.Columns[column])) is { } columns ? $": {columns}" : "";
        return $"'{reader.FileName}' has no value at all in {NameList.Quoted(empty)}; leave {(empty.Count == 1 ? "it" : "them")} out{option}.";
    }

    private static IEnumerable<string> Screened(CompleteRows rows) =>
        new[] { rows.Fault }.OfType<string>().Concat(new Screening(rows, [.. Enumerable.Range(0, rows.Moments.Width)], rows.Moments.Width).Faults());
}
