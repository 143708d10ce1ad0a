using System.Collections.Immutable;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using static DuckDB.NET.Native.NativeMethods;

namespace FlowGrain.Data;

/// <summary>What DuckDB reads: a parquet file, or the answer to a query over files beside it.</summary>
/// <remarks>
/// Every selected column is cast to float64 in the query, and the vectors of the answer are copied into rows: DuckDB decodes on
/// all cores, keeps the order of the rows and streams. A query may be one SELECT, and reads nothing outside of the
/// folder of its file; it is answered on one core, so that its rows come in one order on every machine.
/// </remarks>
internal sealed unsafe class DuckReader : TypedReader
{
    private readonly DuckDatabase _database;
    private readonly RowPosition _position;
    private readonly string _from;
    private readonly ImmutableArray<string> _types;
    private readonly ImmutableArray<string> _answers; // its columns: of two with one name DuckDB calls the second otherwise
    private DuckDBResult _result;
    private DuckDBDataChunk? _chunk;
    private bool _streams;
    private bool _ended;
    private int _size;
    private int _at;

    private DuckReader(string path, DuckDatabase database, string from, Func<DuckDatabase, ImmutableArray<string>> names, RowPosition position) : base(path, position)
    {
        (_database, _from, _position) = (database, from, position);
        var columns = database.Describe($"SELECT * FROM {from}"); // before its names are looked at: it must be a table
        (_answers, _types) = ([.. columns.Select(column => column.Name)], [.. columns.Select(column => column.Type)]);
        Has(names(database), [.. columns.Select(column => KindOf(column.Type))]);
    }

    /// <summary>Opens a parquet file.</summary>
    internal static TableReader OpenParquet(string path, string? where)
    {
        var file = DuckDatabase.File(Path.GetFullPath(path));
        return Open(path, $"read_parquet({file})", where, DuckDatabase.Open([Path.GetFullPath(path)], folder: null, inOrder: false), database => database.ParquetColumns(file));
    }

    /// <summary>Opens the answer to a query: a file with one SELECT, whose paths are relative to its folder.</summary>
    internal static TableReader OpenQuery(string path, string? where)
    {
        var file = new QueryFile(path);
        var query = file.Text;
        var database = DuckDatabase.Open(file.Sources(), file.HasWildcard ? Path.GetDirectoryName(Path.GetFullPath(path)) : null, inOrder: true);
        return Open(path, $"({query}\n)", where, database, opened => [.. opened.Describe(query).Select(column => column.Name)]);
    }

    public override bool IsFiltered => _from.StartsWith('(') && !TableFormat.IsQuery(FilePath);

    public override void Dispose()
    {
        _chunk?.Dispose();
        if (_streams) _result.Close();
        _database.Dispose();
        base.Dispose();
    }

    private static DuckReader Open(string path, string table, string? where, DuckDatabase database, Func<DuckDatabase, ImmutableArray<string>> names)
    {
        var from = where is null ? table : $"(SELECT * FROM {table} WHERE ({where}\n))";
        try
        {
            if (!database.IsOneSelect($"SELECT * FROM {table}")) throw new BadInputException($"The query in '{Path.GetFileName(path)}' must be one SELECT; leave out what stands beside it.");
            if (where is not null) RequireCondition(database, table, from, where);
            var rows = from.StartsWith('(') ? 0 : database.Count(from); // of a query it would take its whole work
            return new DuckReader(path, database, from, names, new RowPosition(new FileInfo(path).Length, rows));
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Tells a condition that cannot be answered from a table that cannot be read.</summary>
    private static void RequireCondition(DuckDatabase database, string table, string from, string where)
    {
        if (!database.IsOneSelect($"SELECT * FROM {from}")) throw new BadInputException($"--where '{where}' must be one condition; leave out what stands beside it.");
        database.Describe($"SELECT * FROM {table}");
        try
        {
            database.Describe($"SELECT * FROM {from}");
        }
        catch (DuckDBException error)
        {
            throw new BadInputException($"--where '{where}' cannot be answered ({SourceFault.Clause(error)}); mend it, and write names of columns as the file has them.");
        }
    }

    internal override bool IsParallel => true;

    internal override void Interrupt() => _database.Interrupt();

    private protected override void Begin()
    {
        _result = _database.Stream($"SELECT {string.Join(", ", Selected.Select((column, i) => LevelsOf(i) is null ? Number(column) : Text(column)).Concat(Carried.Select(Text)))} FROM {_from}");
        _streams = true;
    }

    private protected override int ReadTyped(Span<double> rows, int count)
    {
        var read = 0;
        while (read < count)
        {
            if (_at == _size && !NextChunk()) break;
            var some = Math.Min(count - read, _size - _at);
            for (var i = 0; i < Selected.Length; i++) Copy(i, some, rows[(read * Selected.Length)..]);
            for (var i = 0; i < Carried.Length; i++) Copy(Selected.Length + i, some, Cells[i]);
            (read, _at) = (read + some, _at + some);
        }

        _position.Rows += read;
        return read;
    }

    private bool NextChunk()
    {
        if (_ended) return false; // to ask again would be an error
        _chunk?.Dispose();
        _chunk = StreamingResult.DuckDBStreamFetchChunk(_result);
        (_size, _at) = (_chunk.IsInvalid ? 0 : (int)DataChunks.DuckDBDataChunkGetSize(_chunk), 0);
        if (_size == 0 && Query.DuckDBResultError(ref _result) is { Length: > 0 } error) throw new QueryException(error); // an error looks like an end
        _ended = _size == 0;
        return !_ended;
    }

    private void Copy(int i, int count, Span<double> rows)
    {
        if (LevelsOf(i) is { } levels) CopyCodes(i, levels, count, rows);
        else CopyNumbers(i, count, rows);
    }

    private void CopyCodes(int i, LevelCodes levels, int count, Span<double> rows)
    {
        var vector = DataChunks.DuckDBDataChunkGetVector(_chunk!, i);
        var data = (byte*)Vectors.DuckDBVectorGetData(vector);
        var validity = Vectors.DuckDBVectorGetValidity(vector);
        for (var row = 0; row < count; row++)
            rows[row * Selected.Length + i] = IsPresent(validity, _at + row) ? levels.CodeOf(Utf8(data, _at + row)) : double.NaN;
    }

    private void CopyNumbers(int i, int count, Span<double> rows)
    {
        var vector = DataChunks.DuckDBDataChunkGetVector(_chunk!, i);
        var data = (ulong*)Vectors.DuckDBVectorGetData(vector) + _at;
        var validity = Vectors.DuckDBVectorGetValidity(vector);
        var width = Selected.Length;
        var isNumeric = IsNumeric(Selected[i]);
        for (var row = 0; row < count; row++)
            rows[row * width + i] = !IsPresent(validity, _at + row) ? double.NaN : isNumeric ? BitConverter.UInt64BitsToDouble(data[row]) : NotNumber(Selected[i], data[row]);
    }

    private void Copy(int i, int count, TextCells cells)
    {
        var vector = DataChunks.DuckDBDataChunkGetVector(_chunk!, i);
        var data = (byte*)Vectors.DuckDBVectorGetData(vector);
        var validity = Vectors.DuckDBVectorGetValidity(vector);
        for (var row = _at; row < _at + count; row++)
        {
            if (!IsPresent(validity, row)) cells.AddMissing();
            else cells.Add(Utf8(data, row));
        }
    }

    private static ReadOnlySpan<byte> Utf8(byte* strings, int row)
    {
        const int Size = 16, Inline = 12; // a string is its length, and then itself or four letters and where it lies

        var text = strings + Size * row;
        var length = *(int*)text;
        return new ReadOnlySpan<byte>(length <= Inline ? text + 4 : *(byte**)(text + 8), length);
    }

    private static bool IsPresent(ulong* validity, int row) => validity == null || (validity[row >> 6] >> (row & 63) & 1) != 0;

    private string Text(int column)
    {
        var (name, isFloating) = (DuckDatabase.Identifier(_answers[column]), TypeOf(column) is CellType.Single or CellType.Double);
        return isFloating ? $"CASE WHEN isnan({name}) THEN 'NaN' ELSE CAST({name} AS VARCHAR) END" : $"CAST({name} AS VARCHAR)"; // it would write the sign of a NaN
    }

    private string Number(int column) => Kinds[column] switch
    {
        ColumnKind.Number => $"CAST({DuckDatabase.Identifier(_answers[column])} AS DOUBLE)",
        ColumnKind.Date => $"epoch({DuckDatabase.Identifier(_answers[column])}::TIMESTAMP) / 86400.0",
        _ => $"hash({DuckDatabase.Identifier(_answers[column])})",
    };

    public override CellType TypeOf(int column) => _types[column] switch
    {
        "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" => CellType.Whole,
        "FLOAT" => CellType.Single,
        "DOUBLE" => CellType.Double,
        _ => CellType.Text,
    };

    private static ColumnKind KindOf(string type) => type switch
    {
        "BOOLEAN" or "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "HUGEINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" or "UBIGINT" or "UHUGEINT" or "FLOAT" or "DOUBLE" => ColumnKind.Number,
        "DATE" => ColumnKind.Date,
        "VARCHAR" or "UUID" or "JSON" => ColumnKind.Text,
        _ when type.StartsWith("DECIMAL(", StringComparison.Ordinal) && !type.EndsWith(']') => ColumnKind.Number,
        _ when type.StartsWith("TIMESTAMP", StringComparison.Ordinal) && !type.EndsWith(']') => ColumnKind.Date,
        _ when type.StartsWith("ENUM(", StringComparison.Ordinal) && !type.EndsWith(']') => ColumnKind.Text,
        _ => ColumnKind.Nested,
    };

    /// <summary>A place among a known number of rows; 0 rows where nobody knows how many.</summary>
    private sealed class RowPosition(long bytes, long rows) : IReadPosition
    {
        internal long Rows { get; set; }

        public long BytesRead => (long)(bytes * Fraction);

        public double Fraction => rows == 0 ? 0 : Math.Min(1, (double)Rows / rows);

        public Exception? Damage() => null;

        public void Dispose()
        {
        }
    }
}
