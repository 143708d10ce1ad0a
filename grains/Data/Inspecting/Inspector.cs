namespace FlowGrain.Data;

/// <summary>Describes a file before anything is trained on it. Writes nothing.</summary>
internal static class Inspector
{
    /// <summary>Reads the file and describes its columns, or those selected, and why training on them would be refused: every reason for which all columns as they are would be.</summary>
    /// <exception cref="BadInputException">The file is missing, empty, damaged or ragged, or has not what is selected.</exception>
    internal static DataInspection Inspect(DataSelection selection, IProgress<ReadingProgress>? progress, CancellationToken cancellation)
    {
        using var reader = TableReader.Open(selection.Path, selection.Where);
        var choice = IsPlain(selection) ? null : ColumnChoice.Of(reader, selection);
        var columns = choice?.Indexes ?? [.. Enumerable.Range(0, reader.Columns.Length)];
        var survey = TableSurvey.Of(reader, selection.Where, columns, progress, cancellation);
        var hasText = columns.Any(column => survey.Columns[column].Profile.IsText);
        var trial = choice is null ? new TrialImport([.. new Refusals(reader, survey).All(cancellation)], LeftOut: 0) : TrialImport.Of(selection, cancellation);
        return new(survey.Rows, [.. columns.Select((column, place) => Describe(survey.Columns[column], hasText, IsDate(column), place))], trial.Refused) { LeftOut = trial.LeftOut };

        bool IsDate(int column) => reader.IsDate(column) == true || survey.Columns[column].Profile.IsDate;

        ColumnInspection Describe(ColumnSurvey column, bool hasText, bool isDate, int place) =>
            column.Describe(hasText, isDate, choice?.Kinds[column.Name], isContext: place >= (choice?.Dimension ?? columns.Length));
    }

    private static bool IsPlain(DataSelection selection) => selection is { Columns.IsDefaultOrEmpty: true, Context.IsDefaultOrEmpty: true, Kinds.Count: 0, Missing: MissingRows.Refuse };
}
