using System.Collections.Immutable;
using System.IO.Hashing;
using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;

namespace FlowGrain.Data;

/// <summary>Reads an Arrow IPC file or stream, batch by batch.</summary>
internal sealed class ArrowReader : TypedReader
{
    private const double SecondsPerDay = 86_400;

    private readonly IArrowReader _batches;
    private readonly ImmutableArray<IArrowType> _types;
    private RecordBatch? _batch;
    private Func<int, double>[] _values = [];
    private Action<int>[] _carried = [];
    private int _at;

    private ArrowReader(string path, SourceFile source, IArrowReader batches, Schema schema) : base(path, source)
    {
        (_batches, _types) = (batches, [.. schema.FieldsList.Select(field => field.DataType)]);
        Has([.. schema.FieldsList.Select(field => field.Name)], [.. schema.FieldsList.Select(field => KindOf(field.DataType))]);
    }

    /// <summary>Opens a file; a stream format is known by its first bytes.</summary>
    internal static ArrowReader Open(string path, SourceFile source) => Understood(() => Opened(path, source));

    private static ArrowReader Opened(string path, SourceFile source)
    {
        var codecs = new CompressionCodecFactory();
        if (IsFile(source.Content))
        {
            var file = new ArrowFileReader(source.Content, allocator: null, codecs, leaveOpen: true);
            return new ArrowReader(path, source, file, file.Schema);
        }

        var stream = new ArrowStreamReader(source.Content, allocator: null, codecs, leaveOpen: true);
        return new ArrowReader(path, source, stream, stream.Schema);
    }

    public override void Dispose()
    {
        _batch?.Dispose();
        base.Dispose();
    }

    private protected override void Begin()
    {
    }

    private protected override int ReadTyped(Span<double> rows, int count)
    {
        try
        {
            return ReadBatches(rows, count);
        }
        catch (Exception error) when (IsConfusion(error))
        {
            throw new InvalidDataException("it is no well-formed Arrow file", error);
        }
    }

    // The library trusts what a file says of itself: lengths and places that cannot be are faults of many kinds.
    private static bool IsConfusion(Exception error) => error is not (IOException or UnauthorizedAccessException or OperationCanceledException or BadInputException);

    private static T Understood<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (IsConfusion(error))
        {
            throw new InvalidDataException("it is no well-formed Arrow file", error);
        }
    }

    private int ReadBatches(Span<double> rows, int count)
    {
        var read = 0;
        while (read < count)
        {
            if (_at == (_batch?.Length ?? 0) && !NextBatch()) break;
            var some = Math.Min(count - read, _batch!.Length - _at);
            for (var i = 0; i < _values.Length; i++)
            {
                for (var row = 0; row < some; row++) rows[(read + row) * _values.Length + i] = _values[i](_at + row);
            }

            for (var row = _at; row < _at + some; row++)
                foreach (var carry in _carried) carry(row);
            (read, _at) = (read + some, _at + some);
        }

        return read;
    }

    private static bool IsFile(Stream content)
    {
        Span<byte> magic = stackalloc byte[6];
        var read = content.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        content.Position = 0;
        return read == magic.Length && magic.SequenceEqual("ARROW1"u8);
    }

    private bool NextBatch()
    {
        do
        {
            _batch?.Dispose();
            (_batch, _at) = (_batches.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult(), 0); // on a thread of its own
        }
        while (_batch is { Length: 0 });

        if (_batch is null) return false;
        _values = [.. Selected.Select(column => IsNumeric(column) ? Numbers(_batch.Column(column)) : Texts(column, _batch.Column(column)))];
        _carried = [.. Carried.Select((column, i) => Carry(ArrowText.Of(_batch.Column(column)), _batch.Column(column), i))];
        return true;
    }

    private Action<int> Carry(Action<int, TextCells> add, IArrowArray array, int i) => row =>
    {
        if (array.IsNull(row)) Cells[i].AddMissing();
        else add(row, Cells[i]);
    };

    private Func<int, double> Texts(int column, IArrowArray array)
    {
        var hash = Hashes(array);
        return row => array.IsNull(row) ? double.NaN : NotNumber(column, hash(row));
    }

    private static Func<int, double> Numbers(IArrowArray array) => array switch
    {
        DoubleArray values => row => values.GetValue(row) ?? double.NaN,
        FloatArray values => row => values.GetValue(row) ?? double.NaN,
        HalfFloatArray values => row => (double?)values.GetValue(row) ?? double.NaN,
        Int64Array values => row => values.GetValue(row) ?? double.NaN,
        Int32Array values => row => values.GetValue(row) ?? double.NaN,
        Int16Array values => row => values.GetValue(row) ?? double.NaN,
        Int8Array values => row => values.GetValue(row) ?? double.NaN,
        UInt64Array values => row => values.GetValue(row) ?? double.NaN,
        UInt32Array values => row => values.GetValue(row) ?? double.NaN,
        UInt16Array values => row => values.GetValue(row) ?? double.NaN,
        UInt8Array values => row => values.GetValue(row) ?? double.NaN,
        Decimal128Array values => row => (double?)values.GetValue(row) ?? double.NaN,
        BooleanArray values => row => values.GetValue(row) is { } value ? (value ? 1 : 0) : double.NaN,
        Date32Array values => row => values.GetValue(row) ?? double.NaN,
        Date64Array values => row => values.GetValue(row) / (1000 * SecondsPerDay) ?? double.NaN,
        TimestampArray values => row => values.GetValue(row) / (UnitsPerSecond(((TimestampType)values.Data.DataType).Unit) * SecondsPerDay) ?? double.NaN,
        _ => throw new InvalidDataException($"a column has the type {array.Data.DataType.Name}, and other values"),
    };

    public override CellType TypeOf(int column) => _types[column].TypeId switch
    {
        ArrowTypeId.Int8 or ArrowTypeId.Int16 or ArrowTypeId.Int32 or ArrowTypeId.Int64 or ArrowTypeId.UInt8 or ArrowTypeId.UInt16 or ArrowTypeId.UInt32 => CellType.Whole,
        ArrowTypeId.Float or ArrowTypeId.HalfFloat => CellType.Single,
        ArrowTypeId.Double => CellType.Double,
        _ => CellType.Text,
    };

    private static double UnitsPerSecond(TimeUnit unit) => unit switch
    {
        TimeUnit.Second => 1,
        TimeUnit.Millisecond => 1e3,
        TimeUnit.Microsecond => 1e6,
        _ => 1e9,
    };

    /// <summary>64 bits that stand for the value of a row.</summary>
    private static Func<int, ulong> Hashes(IArrowArray array) => array switch
    {
        DictionaryArray words => OfWords(Hashes(words.Dictionary), Numbers(words.Indices)),
        StringArray text => row => XxHash3.HashToUInt64(text.GetBytes(row)),
        LargeStringArray text => row => XxHash3.HashToUInt64(text.GetBytes(row)),
        StringViewArray text => row => XxHash3.HashToUInt64(text.GetBytes(row)),
        BinaryArray bytes => row => XxHash3.HashToUInt64(bytes.GetBytes(row)),
        _ => row => (ulong)row, // lists and the like: each counts as one of its own
    };

    private static Func<int, ulong> OfWords(Func<int, ulong> word, Func<int, double> index) => row => word((int)index(row));

    private static ColumnKind KindOf(IArrowType type) => type.TypeId switch
    {
        ArrowTypeId.Double or ArrowTypeId.Float or ArrowTypeId.HalfFloat or ArrowTypeId.Int8 or ArrowTypeId.Int16 or ArrowTypeId.Int32 or ArrowTypeId.Int64
            or ArrowTypeId.UInt8 or ArrowTypeId.UInt16 or ArrowTypeId.UInt32 or ArrowTypeId.UInt64 or ArrowTypeId.Boolean or ArrowTypeId.Decimal128 => ColumnKind.Number,
        ArrowTypeId.Date32 or ArrowTypeId.Date64 or ArrowTypeId.Timestamp => ColumnKind.Date,
        ArrowTypeId.String or ArrowTypeId.StringView or ArrowTypeId.LargeString or ArrowTypeId.Dictionary => ColumnKind.Text,
        _ => ColumnKind.Nested,
    };
}
