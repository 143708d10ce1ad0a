using FlowGrain.Storage;
using Parquet;
using Parquet.Schema;

namespace FlowGrain.Data;

/// <summary>A table as a parquet file, zstd-packed, a row group for every 262,144 rows.</summary>
internal sealed class ParquetTable : ITableWriter
{
    private const int GroupRows = 1 << 18;
    private static readonly ParquetOptions Options = new() { CompressionMethod = CompressionMethod.Zstd };

    private readonly WholeFile _file;
    private readonly IReadOnlyList<WrittenColumn> _columns;
    private readonly DataField[] _fields;
    private readonly double[] _rows;
    private readonly ParquetWriter _writer;
    private int _held; // numbers

    internal ParquetTable(WholeFile file, IReadOnlyList<WrittenColumn> columns)
    {
        (_file, _columns) = (file, columns);
        _fields = [.. columns.Select(column => new DataField(column.Name, TypeOf(column), isNullable: false))];
        _rows = new double[GroupRows * columns.Count];
        _writer = Now(ParquetWriter.CreateAsync(new ParquetSchema(_fields), new AppendedStream(file), Options));
    }

    public void Write(ReadOnlySpan<double> rows)
    {
        while (!rows.IsEmpty)
        {
            var some = rows[..Math.Min(rows.Length, _rows.Length - _held)];
            some.CopyTo(_rows.AsSpan(_held));
            _held += some.Length;
            rows = rows[some.Length..];
            if (_held == _rows.Length) WriteGroup();
        }
    }

    public void Complete()
    {
        if (_held > 0) WriteGroup();
        _writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _file.Commit();
    }

    public void Dispose() => _file.Dispose();

    private static Type TypeOf(WrittenColumn column) => column switch
    {
        { IsWhole: true } => typeof(long),
        { IsSingle: true } => typeof(float),
        _ => typeof(double),
    };

    private void WriteGroup()
    {
        using var group = _writer.CreateRowGroup();
        for (var column = 0; column < _columns.Count; column++)
        {
            if (_columns[column].IsWhole) Write(group, column, value => (long)value);
            else if (_columns[column].IsSingle) Write(group, column, value => (float)value);
            else Write(group, column, value => value);
        }

        group.CompleteValidate();
        _held = 0;
    }

    private void Write<T>(ParquetRowGroupWriter group, int column, Func<double, T> convert) where T : struct
    {
        var values = new T[_held / _columns.Count];
        for (var row = 0; row < values.Length; row++) values[row] = convert(_rows[row * _columns.Count + column]);
        Now(group.WriteAsync<T>(_fields[column], values));
    }

    // The file is written on a thread of its own, and what looks asynchronous never waits for anything.
    private static void Now(Task task) => task.GetAwaiter().GetResult();

    private static T Now<T>(Task<T> task) => task.GetAwaiter().GetResult();

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
