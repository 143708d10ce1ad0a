using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>Reads a csv: with a header or not, whatever delimits its cells, quoted or not.</summary>
internal sealed class CsvReader : TableReader
{
    private const int SampleLetters = 1 << 16;
    private readonly CsvRecords _records;
    private readonly CsvDelimiter _delimiter;
    private ImmutableArray<ColumnProfile> _profiles = [];
    private bool _held; // the first record was read ahead and is data
    private CellKind[] _kinds = []; // of the selected columns, from their first value on

    private CsvReader(string path, SourceFile source, CsvDelimiter delimiter) : base(path, source)
    {
        _delimiter = delimiter;
        _records = CsvRecords.Of(TextStream.Reader(source.Content, FileName), delimiter);
    }

    /// <summary>Opens the csv and reads its header.</summary>
    internal static CsvReader Open(string path, SourceFile source)
    {
        var reader = new CsvReader(path, source, Sniff(path));
        reader.ReadHeader();
        return reader;
    }

    /// <inheritdoc/>
    public override void TakeText(ImmutableArray<ColumnProfile> profiles) => _profiles = profiles;

    /// <inheritdoc/>
    public override IEnumerable<string> TextFaults(ImmutableArray<ColumnProfile> profiles) => TextFound.Faults(this, [.. profiles]);

    /// <inheritdoc/>
    public override bool? IsDate(int column) =>
        Selected.IndexOf(column) is >= 0 and var i && i < _kinds.Length && _kinds[i] != CellKind.Unknown ? _kinds[i] == CellKind.Date : null;

    /// <summary>Reads the file once more from its first data row.</summary>
    internal CsvRecords Again(bool countLines = false)
    {
        var records = CsvRecords.Of(TextStream.Reader(SourceFile.Open(FilePath).Content, FileName), _delimiter, countLines);
        if (HasNames) records.Next();
        return records;
    }

    /// <inheritdoc/>
    public override string Where(long row)
    {
        using var records = Again(countLines: true);
        for (var at = 0L; at < row; at++)
            if (!records.Next()) return $"row {row}";
        return $"row {row} (line {records.Line})";
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _records.Dispose();
        base.Dispose();
    }

    private protected override bool ReadsText => true;

    private protected override int ReadRows(Span<double> rows, int count)
    {
        if (_kinds.Length != Selected.Length) _kinds = new CellKind[Selected.Length];
        for (var row = 0; row < count; row++)
        {
            if (!NextRow()) return row;
            if (_records.Count != Columns.Length) throw Ragged(RowsRead + row + 1);
            var numbers = rows.Slice(row * Selected.Length, Selected.Length);
            if (_profiles.IsEmpty) Parse(numbers);
            else Profile(numbers, RowsRead + row + 1);
            for (var i = 0; i < Carried.Length; i++) Carry(_records[Carried[i]], Cells[i]);
        }

        return count;
    }

    private static CsvDelimiter Sniff(string path)
    {
        using var source = SourceFile.Open(path);
        using var text = TextStream.Reader(source.Content, Path.GetFileName(path));
        var sample = new char[SampleLetters];
        var length = text.ReadBlock(sample);
        return CsvDelimiter.Of(new string(sample, 0, length), isWhole: length < SampleLetters);
    }

    private void ReadHeader()
    {
        if (!_records.Next()) throw new BadInputException($"'{FileName}' is empty: it has no rows; write at least one row of numbers into it, or name another file.");
        if (_records.Count > MaxColumns)
            throw new BadInputException($"'{FileName}' has {_records.Count} columns in its first line; at most {MaxColumns} can be read: save fewer of them.");

        HasNames = AnyText(_records) && !IsRowOfDates() && !IsRowOfMeasures();
        _held = !HasNames;
        Columns = HasNames ? CsvHeader.Names(_records) : Numbered(_records.Count);
    }

    private static bool AnyText(CsvRecords record)
    {
        for (var column = 0; column < record.Count; column++)
            if (!Cell.TryParse(record[column], out _)) return true;
        return false;
    }

    /// <summary>Whether the first line is data with dates: a header may name its columns by dates, but then numbers stand below them.</summary>
    private bool IsRowOfDates()
    {
        using var records = Again();
        if (!records.Next() || !OnlyNumbersAndDates(records)) return false;
        return !records.Next() || AnyText(records);
    }

    /// <summary>Whether the first line is data beside text: it has a number with decimals, which names nothing, and the next line has numbers in the same places.</summary>
    private bool IsRowOfMeasures()
    {
        using var records = Again();
        if (!records.Next()) return false;
        bool[] numbers = [.. Enumerable.Range(0, records.Count).Select(column => Cell.TryParse(records[column], out _))];
        if (!Enumerable.Range(0, records.Count).Any(column => numbers[column] && records[column].Contains('.'))) return false;
        return records.Next() && records.Count == numbers.Length && Enumerable.Range(0, records.Count).All(column => Cell.TryParse(records[column], out _) == numbers[column]);
    }

    private static bool OnlyNumbersAndDates(CsvRecords record)
    {
        for (var column = 0; column < record.Count; column++)
            if (!Cell.TryParse(record[column], out _) && !Cell.TryParseDate(record[column], out _)) return false;
        return true;
    }

    private bool NextRow()
    {
        var held = _held;
        _held = false;
        return held || _records.Next();
    }

    private void Parse(Span<double> row)
    {
        for (var i = 0; i < row.Length; i++)
            if (!TryParse(i, _records[Selected[i]], out row[i])) throw TextFound.Explain(this);
    }

    private bool TryParse(int i, ReadOnlySpan<char> cell, out double value)
    {
        if (LevelsOf(i) is not { } levels) return Cell.TryParse(cell, ref _kinds[i], out value);
        value = Cell.IsMissing(cell) ? double.NaN : levels.CodeOf(cell);
        return true;
    }

    private void Profile(Span<double> numbers, long row)
    {
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = _profiles[Selected[i]].Read(_records[Selected[i]], row);
    }

    private static void Carry(ReadOnlySpan<char> cell, TextCells cells)
    {
        if (cell.IsEmpty) cells.AddMissing();
        else cells.Add(cell);
    }

    private BadInputException Ragged(long row)
    {
        var expected = HasNames ? $"the header has {Columns.Length}" : $"the first has {Columns.Length}";
        return new($"'{FileName}' is ragged: {Where(row)} has {_records.Count} {(_records.Count == 1 ? "value" : "values")} where {expected}; mend or remove that line.");
    }
}
