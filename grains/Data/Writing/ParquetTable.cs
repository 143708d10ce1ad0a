using System.Globalization;
using System.IO.Compression;
using System.Text;
using FlowGrain.Storage;
using Parquet;
using Parquet.Schema;

namespace FlowGrain.Data;

/// <summary>A table as a parquet file, zstd-packed, a row group for every 262,144 rows, fewer of very wide ones.</summary>
internal sealed class ParquetTable : ITableWriter
{
    private const int MostRows = 1 << 18;
    private const int LeastRows = 1 << 14;
    private const int GroupNumbers = 1 << 25; // 256 MiB of them are held until a group is full
    private static readonly ParquetOptions Options = new()
    {
        CompressionMethod = CompressionMethod.Zstd,
        CompressionLevel = CompressionLevel.Fastest, // scores hardly shrink, and the smallest size, which is the default, takes a hundred times as long
    };

    private readonly WholeFile _file;
    private readonly IReadOnlyList<WrittenColumn> _columns;
    private readonly DataField[] _fields;
    private readonly int _numbers; // columns that are not carried
    private readonly int _groupRows;
    private readonly double[] _rows;
    private readonly ParquetWriter _writer;
    private TextCells[] _cells;
    private int _held; // rows

    internal ParquetTable(WholeFile file, IReadOnlyList<WrittenColumn> columns)
    {
        (_file, _columns, _numbers) = (file, columns, columns.Count(column => column.Carried is null));
        _fields = [.. columns.Select(FieldOf)];
        _groupRows = RowsOfGroup(_numbers);
        (_rows, _cells) = (new double[_groupRows * _numbers], NoCells());
        _writer = Now(ParquetWriter.CreateAsync(new ParquetSchema(_fields), new AppendedStream(file), Options));
    }

    /// <summary>Rows of a row group of so many numbers: a power of two.</summary>
    internal static int RowsOfGroup(int numbers)
    {
        var rows = MostRows;
        while (rows > LeastRows && (long)rows * numbers > GroupNumbers) rows /= 2;
        return rows;
    }

    public void Write(ReadOnlySpan<double> rows, ReadOnlySpan<TextCells> cells = default)
    {
        var count = rows.Length / _numbers;
        for (var row = 0; row < count;)
        {
            var some = Math.Min(count - row, _groupRows - _held);
            rows.Slice(row * _numbers, some * _numbers).CopyTo(_rows.AsSpan(_held * _numbers));
            for (var i = 0; i < cells.Length; i++) _cells[i].Add(cells[i], row, some);
            (_held, row) = (_held + some, row + some);
            if (_held == _groupRows) WriteGroup();
        }
    }

    public void Complete()
    {
        if (_held > 0) WriteGroup();
        _writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _file.Commit();
    }

    public void Dispose() => _file.Dispose();

    private static DataField FieldOf(WrittenColumn column) => column.IsDate
        ? new DateTimeDataField(column.Name, column.IsWhole ? DateTimeFormat.Date : DateTimeFormat.DateAndTimeMicros, isAdjustedToUTC: true, isNullable: true)
        : new DataField(column.Name, TypeOf(column), isNullable: column.Carried is not null || column.Levels is not null || column.IsOptional);

    private static Type TypeOf(WrittenColumn column) => column switch
    {
        { Carried: CellType.Text } or { Levels: not null } => typeof(string),
        { IsWhole: true } or { Carried: CellType.Whole } => typeof(long),
        { IsSingle: true } or { Carried: CellType.Single } => typeof(float),
        _ => typeof(double),
    };

    private TextCells[] NoCells() => [.. _columns.Skip(_numbers).Select(_ => new TextCells())];

    private void WriteGroup()
    {
        using var group = _writer.CreateRowGroup();
        for (var column = 0; column < _numbers; column++)
        {
            if (_columns[column].Levels is not null) WriteLevels(group, column);
            else if (_columns[column].IsDate) WriteDates(group, column);
            else if (_columns[column] is { IsWhole: true, IsOptional: true }) WriteOptional(group, column);
            else if (_columns[column].IsWhole) Write(group, column, value => (long)value);
            else if (_columns[column].IsSingle) Write(group, column, value => (float)value);
            else Write(group, column, value => value);
        }

        for (var i = 0; i < _cells.Length; i++) Write(group, _numbers + i, _cells[i]);
        group.CompleteValidate();
        (_held, _cells) = (0, NoCells());
    }

    private void Write<T>(ParquetRowGroupWriter group, int column, Func<double, T> convert) where T : struct
    {
        var values = new T[_held];
        for (var row = 0; row < values.Length; row++) values[row] = convert(_rows[row * _numbers + column]);
        Now(group.WriteAsync<T>(_fields[column], values));
    }

    private void WriteOptional(ParquetRowGroupWriter group, int column)
    {
        var values = new long?[_held];
        for (var row = 0; row < values.Length; row++) values[row] = _rows[row * _numbers + column] is var value && double.IsNaN(value) ? null : (long)value;
        Now(group.WriteAsync<long>(_fields[column], values));
    }

    private void WriteLevels(ParquetRowGroupWriter group, int column) =>
        Now(group.WriteAsync(_fields[column], [.. Enumerable.Range(0, _held).Select(row => _columns[column].Level(_rows[row * _numbers + column])!)]));

    private void WriteDates(ParquetRowGroupWriter group, int column)
    {
        var values = new DateTime?[_held];
        for (var row = 0; row < values.Length; row++) values[row] = DateText.Moment(_rows[row * _numbers + column]);
        Now(group.WriteAsync<DateTime>(_fields[column], values));
    }

    private void Write(ParquetRowGroupWriter group, int column, TextCells cells)
    {
        switch (_columns[column].Carried)
        {
            case CellType.Whole: Write(group, column, cells, cell => long.Parse(cell, CultureInfo.InvariantCulture)); break;
            case CellType.Single: Write(group, column, cells, cell => (float)Number(cell)); break;
            case CellType.Double: Write(group, column, cells, Number); break;
            default: Now(group.WriteAsync(_fields[column], [.. Enumerable.Range(0, _held).Select(row => cells.IsMissing(row) ? null! : Encoding.UTF8.GetString(cells[row]))])); break;
        }
    }

    private void Write<T>(ParquetRowGroupWriter group, int column, TextCells cells, Parse<T> parse) where T : struct
    {
        var values = new T?[_held];
        for (var row = 0; row < values.Length; row++) values[row] = cells.IsMissing(row) ? null : parse(cells[row]);
        Now(group.WriteAsync<T>(_fields[column], values));
    }

    private static double Number(ReadOnlySpan<byte> cell) => Cell.TryParse(Encoding.UTF8.GetString(cell), out var value) ? value : throw new FormatException($"'{Encoding.UTF8.GetString(cell)}' is no number.");

    // The file is written on a thread of its own, and what looks asynchronous never waits for anything.
    private static void Now(Task task) => task.GetAwaiter().GetResult();

    private static T Now<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private delegate T Parse<T>(ReadOnlySpan<byte> cell);

    /// <summary>The file as a stream that is only written on.</summary>
    private sealed class AppendedStream(WholeFile file) : Stream
    {
        private long _written;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => _written;

        public override long Position
        {
            get => _written;
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            file.Append(buffer.AsMemory(offset, count));
            _written += count;
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
