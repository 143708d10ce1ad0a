using System.Diagnostics;
using DuckDB.NET.Data;
using FlowGrain.Data;
using Parquet.Schema;
using ParquetSharp;

namespace FlowGrain.Bench;

/// <summary>How fast libraries read the numbers of a file, best of three: of a parquet file DuckDB, ParquetSharp and Parquet.Net, of a csv Sylvan and DuckDB, beside the reader that an import uses.</summary>
/// <remarks>A library is asked for its columns as it decodes them; the import's reader gives rows of float64 and names every fault.</remarks>
internal static class ReaderSpeed
{
    private const int Rounds = 3;

    internal static int Run(string path)
    {
        var columns = Numbers(path);
        Console.WriteLine($"{Path.GetFileName(path)}, {new FileInfo(path).Length / 1e6:F0} MB, columns {string.Join(", ", columns)}");
        var isParquet = path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);
        Say(isParquet ? "import's reader (DuckDB)" : "import's reader (Sylvan)", () => Import(path, columns));
        Say("DuckDB, sums", () => Sums(path, columns, isParquet));
        if (isParquet)
        {
            Say("ParquetSharp", () => Sharp(path, columns));
            Say("Parquet.Net", () => Net(path, columns).GetAwaiter().GetResult());
        }
        else
        {
            Say("Sylvan, GetDouble", () => Sylvan(path));
        }

        return 0;
    }

    private static void Say(string reader, Func<long> read)
    {
        var (best, rows) = (double.PositiveInfinity, 0L);
        for (var round = 0; round < Rounds; round++)
        {
            var (started, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            rows = read();
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
            if (round == Rounds - 1) Console.WriteLine($"{reader,-26} {best,6:F2} s, {rows / best / 1e6,6:F2} million rows/s, {(Environment.CpuUsage.TotalTime - processor).TotalSeconds,6:F2} s of processors");
        }
    }

    private static string[] Numbers(string path)
    {
        using var reader = TableReader.Open(path);
        return [.. Enumerable.Range(0, reader.Columns.Length).Where(column => reader is not TypedReader typed || typed.IsNumeric(column)).Select(column => reader.Columns[column])];
    }

    private static long Import(string path, string[] columns)
    {
        using var reader = TableReader.Open(path);
        reader.Select([.. columns.Select(column => reader.Columns.IndexOf(column))], byName: false);
        var batch = CompleteRows.Batch(reader);
        while (reader.Read(batch, CancellationToken.None) > 0)
        {
            // The speed of the reader, whatever becomes of its rows.
        }

        return reader.RowsRead;
    }

    private static long Sums(string path, string[] columns, bool isParquet)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        var sums = string.Concat(columns.Select(column => isParquet ? $", sum(hash(\"{column}\"))" : $", sum(\"{column}\")"));
        command.CommandText = $"SELECT count(*){sums} FROM {(isParquet ? "read_parquet" : "read_csv")}('{path.Replace("'", "''", StringComparison.Ordinal)}')";
        using var answer = command.ExecuteReader();
        return answer.Read() ? answer.GetInt64(0) : 0;
    }

    private static long Sharp(string path, string[] columns)
    {
        using var file = new ParquetFileReader(path);
        var schema = file.FileMetaData.Schema;
        int[] wanted = [.. Enumerable.Range(0, schema.NumColumns).Where(column => columns.Contains(schema.Column(column).Name))];
        for (var group = 0; group < file.FileMetaData.NumRowGroups; group++)
        {
            using var rows = file.RowGroup(group);
            foreach (var index in wanted)
            {
                using var column = rows.Column(index);
                using var values = column.LogicalReader();
                values.Apply(new Decoding());
            }
        }

        return file.FileMetaData.NumRows;
    }

    private static async Task<long> Net(string path, string[] columns)
    {
        await using var file = await Parquet.ParquetReader.CreateAsync(path);
        DataField[] fields = [.. file.Schema.GetDataFields().Where(field => columns.Contains(field.Name))];
        var rows = 0L;
        for (var group = 0; group < file.RowGroupCount; group++)
        {
            using var reader = file.OpenRowGroupReader(group);
            rows += reader.RowCount;
            foreach (var field in fields) (await reader.ReadRawColumnDataBaseAsync(field)).Dispose();
        }

        return rows;
    }

    /// <summary>Every number of a csv by the library alone; how many rows there are.</summary>
    internal static long Sylvan(string path)
    {
        using var csv = global::Sylvan.Data.Csv.CsvDataReader.Create(path);
        var (rows, sum) = (0L, 0.0);
        for (; csv.Read(); rows++)
            for (var column = 0; column < csv.FieldCount; column++) sum += csv.GetDouble(column);
        return double.IsNaN(sum) ? 0 : rows;
    }

    private sealed class Decoding : ILogicalColumnReaderVisitor<bool>
    {
        private const int Rows = 1 << 14;

        public bool OnLogicalColumnReader<TValue>(LogicalColumnReader<TValue> columnReader)
        {
            var buffer = new TValue[Rows];
            while (columnReader.HasNext) columnReader.ReadBatch(buffer);
            return true;
        }
    }
}
