using System.IO.Hashing;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace FlowGrain.Data;

/// <summary>Reads an Arrow IPC file or stream, batch by batch.</summary>
internal sealed class ArrowReader : TypedReader
{
    private const double SecondsPerDay = 86_400;

    private readonly ArrowBatches _batches;
    private RecordBatch? _batch;
    private Func<int, double>[] _values = [];
    private Action<int>[] _carried = [];
    private int _at;
    private bool _ended;

    private ArrowReader(string path, SourceFile source) : base(path, source)
    {
        _batches = ArrowBatches.Open(source.Content, FileName);
        Has([.. _batches.Schema.FieldsList.Select(field => field.Name)], [.. _batches.Schema.FieldsList.Select(field => KindOf(field.DataType))]);
    }

    /// <summary>Opens a file or a stream.</summary>
    internal static ArrowReader Open(string path, SourceFile source) => new(path, source);

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
        catch (Exception error) when (ArrowBatches.IsConfusion(error))
        {
            throw ArrowBatches.Confused(error);
        }
    }

    private int ReadBatches(Span<double> rows, int count)
    {
        var read = 0;
        while (read < count && HasRows())
        {
            var some = Math.Min(count - read, _batch!.Length - _at);
            Copy(some, rows[(read * _values.Length)..]);
            (read, _at) = (read + some, _at + some);
        }

        return read;
    }

    private void Copy(int count, Span<double> rows)
    {
        for (var i = 0; i < _values.Length; i++)
        {
            for (var row = 0; row < count; row++) rows[row * _values.Length + i] = _values[i](_at + row);
        }

        for (var row = _at; row < _at + count; row++)
            foreach (var carry in _carried) carry(row);
    }

    /// <summary>Whether there is another row, in this batch or a later one.</summary>
    private bool HasRows()
    {
        while (!_ended && _at == (_batch?.Length ?? 0)) NextBatch();
        return !_ended;
    }

    private void NextBatch()
    {
        _batch?.Dispose();
        (_batch, _at) = (_batches.Next(), 0);
        if (_batch is null)
        {
            _ended = true;
            return;
        }

        _values = [.. Selected.Select((column, i) => Values(column, LevelsOf(i), _batch.Column(column)))];
        _carried = [.. Carried.Select((column, i) => Carry(ArrowText.Of(_batch.Column(column)), _batch.Column(column), i))];
    }

    private Action<int> Carry(Action<int, TextCells> add, IArrowArray array, int i) => row =>
    {
        if (array.IsNull(row)) Cells[i].AddMissing();
        else add(row, Cells[i]);
    };

    private Func<int, double> Values(int column, LevelCodes? levels, IArrowArray array) => levels switch
    {
        not null when IsNumeric(column) => Coded(levels, Numbers(array)),
        not null => Coded(levels, array),
        _ => IsNumeric(column) ? Numbers(array) : Texts(column, array),
    };

    private static Func<int, double> Coded(LevelCodes levels, Func<int, double> numbers) => row => levels.CodeOf(numbers(row));

    private static Func<int, double> Coded(LevelCodes levels, IArrowArray array)
    {
        var text = ArrowText.Utf8(array);
        return row => array.IsNull(row) ? double.NaN : levels.CodeOf(text(row));
    }

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

    public override CellType TypeOf(int column) => _batches.Schema.FieldsList[column].DataType.TypeId switch
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
