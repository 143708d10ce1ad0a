using Sylvan.Data.Csv;

namespace FlowGrain.Data;

/// <summary>The records of a csv, header included, as cells of text.</summary>
/// <remarks>
/// Blank lines are skipped; in a file with one column a blank line between two others is a missing value.
/// </remarks>
internal sealed class CsvRecords : IDisposable
{
    private const int MaxRecordLetters = 1 << 22; // an unclosed quote would otherwise swallow the file
    private readonly CsvDataReader _csv;
    private readonly bool _countLines;
    private long _innerLines; // newlines inside quoted cells, up to the current record
    private int _blanks;      // blank lines to give before the record that was read
    private int _width;

    private CsvRecords(CsvDataReader csv, bool countLines) => (_csv, _countLines) = (csv, countLines);

    /// <summary>Cells in the current record.</summary>
    internal int Count => IsBlank ? 1 : _csv.RowFieldCount;

    /// <summary>The line on which the current record begins, 1-based; meaningful only when lines are counted.</summary>
    internal long Line { get; private set; }

    private bool IsBlank => _blanks > 0;

    /// <summary>One cell of the current record, quotes removed. Valid until the next record.</summary>
    internal ReadOnlySpan<char> this[int column] => IsBlank ? default : _csv.GetFieldSpan(column);

    /// <summary>Reads records of text with the given delimiter; counting lines costs a look at every cell.</summary>
    internal static CsvRecords Of(TextReader text, CsvDelimiter delimiter, bool countLines = false)
    {
        var options = new CsvDataReaderOptions
        {
            HasHeaders = false,
            Delimiter = delimiter.Letter,
            Comment = '\0', // no comments: a header may begin with '#'
            BufferSize = 1 << 16,
            MaxBufferSize = MaxRecordLetters,
        };
        return new(CsvDataReader.Create(delimiter.IsAligned ? new SingleSpaces(text) : text, options), countLines);
    }

    /// <summary>Goes to the next record; false at the end.</summary>
    internal bool Next()
    {
        if (IsBlank)
        {
            _blanks--;
            Line++;
            return true;
        }

        return Advance();
    }

    /// <inheritdoc/>
    public void Dispose() => _csv.Dispose();

    private bool Advance()
    {
        var blanks = 0;
        while (true)
        {
            CountInnerLines();
            if (!_csv.Read()) return false;
            if (_csv.RowFieldCount != 1 || !_csv.GetFieldSpan(0).IsWhiteSpace()) break;
            blanks++;
        }

        _blanks = _width == 1 ? blanks : 0;
        if (_width == 0) _width = _csv.RowFieldCount;
        Line = _csv.RowNumber + _innerLines - _blanks;
        return true;
    }

    private void CountInnerLines()
    {
        if (!_countLines || _width == 0) return;
        for (var column = 0; column < _csv.RowFieldCount; column++)
            _innerLines += _csv.GetFieldSpan(column).Count('\n');
    }
}
