namespace FlowGrain.Data;

/// <summary>Describes a file before anything is trained on it. Writes nothing.</summary>
internal static class Inspector
{
    /// <summary>Reads the file and describes every column, and every reason for which training on all of them would be refused.</summary>
    /// <exception cref="BadInputException">The file is missing, empty, damaged or ragged.</exception>
    internal static DataInspection Inspect(string path, IProgress<ReadingProgress>? progress, CancellationToken cancellation)
    {
        using var reader = TableReader.Open(path);
        var survey = TableSurvey.Of(reader, progress, cancellation);
        return new(survey.Rows, [.. survey.Columns.Select((column, index) => column.Describe(survey.Columns.Any(other => other.Profile.IsText), reader.IsDate(index) || column.Profile.IsDate))], [.. new Refusals(reader, survey).All(cancellation)]);
    }
}
