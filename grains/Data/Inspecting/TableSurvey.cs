using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>Every column of a file, surveyed; text included.</summary>
internal sealed class TableSurvey
{
    // Surveyed at a time, so that their distinct values fit into half a gigabyte; a wider file is read again for the others.
    private const int MostColumns = 512;
    private readonly string _path;
    private readonly string? _where;
    private readonly IProgress<ReadingProgress>? _progress;
    private CompleteRows? _complete; // of all columns, when one reading gave it

    private TableSurvey(TableReader reader, string? where, IProgress<ReadingProgress>? progress) =>
        (_path, _where, Columns, _progress) = (reader.FilePath, where, [.. reader.Columns.Select(name => new ColumnSurvey(name))], progress);

    /// <summary>Every column of the file, in its order; of those that are not surveyed nothing is known.</summary>
    internal ImmutableArray<ColumnSurvey> Columns { get; }

    /// <summary>Data rows.</summary>
    internal long Rows { get; private set; }

    /// <summary>Whether any cell is text.</summary>
    internal bool HasText => Columns.Any(column => column.Profile.Texts > 0);

    /// <summary>Surveys columns of a file.</summary>
    /// <exception cref="BadInputException">The file itself is broken, or a row is ragged.</exception>
    internal static TableSurvey Of(TableReader reader, string? where, ImmutableArray<int> columns, IProgress<ReadingProgress>? progress, CancellationToken cancellation)
    {
        var survey = new TableSurvey(reader, where, progress);
        foreach (var group in columns.Chunk(MostColumns))
            survey.Read([.. group], cancellation);
        return survey;
    }

    /// <summary>The statistics of some columns without text; reads the file again unless they are all of it.</summary>
    internal CompleteRows Complete(ImmutableArray<int> columns, CancellationToken cancellation)
    {
        if (_complete is not null && columns.Length == Columns.Length) return _complete;

        using var reader = Open(columns);
        var complete = new CompleteRows(reader, MissingRows.Drop);
        ForEachBatch(reader, (rows, first) => complete.Add(rows, first), cancellation);
        return complete;
    }

    private void Read(ImmutableArray<int> group, CancellationToken cancellation)
    {
        using var reader = Open(group);
        reader.TakeText([.. Columns.Select(column => column.Profile)]);
        _complete = group.Length == Columns.Length ? new(reader, MissingRows.Drop) : null;
        ForEachBatch(reader, (rows, first) => Add(group, rows, first), cancellation);
        Rows = reader.RowsRead;
    }

    private void Add(ImmutableArray<int> group, Span<double> rows, long first)
    {
        for (var i = 0; i < group.Length; i++)
            Columns[group[i]].Add(rows, i, group.Length);
        if (HasText) _complete = null;
        _complete?.Add(rows, first);
    }

    private TableReader Open(ImmutableArray<int> columns)
    {
        var reader = TableReader.Open(_path, _where);
        reader.Select(columns, byName: false);
        return reader;
    }

    private void ForEachBatch(TableReader reader, Action<Span<double>, long> add, CancellationToken cancellation)
    {
        var batch = CompleteRows.Batch(reader); // read here: the reader notes texts where the survey notes numbers
        while (reader.Read(batch, cancellation) is > 0 and var count)
        {
            add(batch.AsSpan(0, count * reader.Width), reader.RowsRead - count + 1);
            _progress?.Report(new(reader.RowsRead, reader.BytesRead, reader.Fraction));
        }
    }
}
