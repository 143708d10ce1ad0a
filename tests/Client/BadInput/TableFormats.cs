using System.Globalization;
using System.IO.Compression;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using DuckDB.NET.Data;
using FlowGrain.Tests.Grains.Data;

namespace FlowGrain.Tests.Client.BadInput;

/// <summary>Writes a table in every format that can be read, also one that must not be.</summary>
internal static class TableFormats
{
    private static readonly Dictionary<string, Action<string, Grid>> Writers = new()
    {
        ["t.csv"] = (path, grid) => File.WriteAllText(path, Text(grid, ',')),
        ["t.tsv"] = (path, grid) => File.WriteAllText(path, Text(grid, '\t')),
        ["t.csv.gz"] = (path, grid) => File.WriteAllBytes(path, TempFolder.Gzip(Encoding.UTF8.GetBytes(Text(grid, ';')))),
        ["t.npy"] = (path, grid) => File.WriteAllBytes(path, Array(grid)),
        ["t.npy.gz"] = (path, grid) => File.WriteAllBytes(path, TempFolder.Gzip(Array(grid))),
        ["t.npz"] = (path, grid) => File.WriteAllBytes(path, TempFolder.Zip(CompressionLevel.Optimal, ("X.npy", Array(grid)))),
        ["t.parquet"] = Parquet,
        ["file.arrow"] = (path, grid) => Arrow(path, grid, (file, schema) => new ArrowFileWriter(file, schema)),
        ["stream.arrow"] = (path, grid) => Arrow(path, grid, (file, schema) => new ArrowStreamWriter(file, schema)),
        ["t.sql"] = (path, grid) => File.WriteAllText(path, Query(grid)),
    };

    internal static IEnumerable<string> Names => Writers.Keys;

    internal static void Write(string path, Grid grid) => Writers[Path.GetFileName(path)](path, grid);

    private static string Text(Grid grid, char delimiter) =>
        string.Concat(grid.Rows.Prepend(grid.Names).Select(row => string.Join(delimiter, row.Select(cell => string.Create(CultureInfo.InvariantCulture, $"{cell}"))) + "\n"));

    /// <summary>As numpy writes it; a text makes all of it text, of which only the head matters.</summary>
    private static byte[] Array(Grid grid)
    {
        if (grid.Rows.Any(row => row.Any(cell => cell is string))) return Npy.Head($"{{'descr': '<U5', 'fortran_order': False, 'shape': ({grid.Rows.Length}, 2), }}");
        var table = new double[grid.Rows.Length, grid.Names.Length];
        for (var row = 0; row < grid.Rows.Length; row++)
        {
            for (var column = 0; column < grid.Names.Length; column++) table[row, column] = (double)(grid.Rows[row][column] ?? double.NaN);
        }

        return Npy.Of(table);
    }

    /// <summary>The table as a query. Where a column has a text, all of it is.</summary>
    private static string Query(Grid grid)
    {
        var isText = Enumerable.Range(0, grid.Names.Length).Select(column => grid.Column(column).Any(cell => cell is string)).ToArray();
        var rows = grid.Rows.DefaultIfEmpty([.. grid.Names.Select(_ => (object?)0.0)]).Select(row => $"({string.Join(", ", row.Select((cell, column) => Literal(cell, isText[column])))})");
        var columns = grid.Names.Select((_, column) => $"c{column}").ToList();
        return $"SELECT {string.Join(", ", columns.Zip(grid.Names, (column, name) => $"{column} AS {name}"))} FROM (VALUES {string.Join(", ", rows)}) AS t({string.Join(", ", columns)}){(grid.Rows.Length == 0 ? " WHERE false" : "")}";
    }

    private static string Literal(object? cell, bool isText) => cell is null ? "NULL" : string.Create(CultureInfo.InvariantCulture, $"'{cell}'::{(isText ? "VARCHAR" : "DOUBLE")}");

    private static void Parquet(string path, Grid grid)
    {
        string[] apart = [.. grid.Names.Select((name, column) => grid.Names.Take(column).Contains(name) ? "x9" : name)]; // DuckDB would rename one of two
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"COPY ({Query(grid with { Names = apart })}) TO '{path}' (FORMAT parquet)";
        command.ExecuteNonQuery();
        if (!apart.SequenceEqual(grid.Names)) File.WriteAllBytes(path, Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(File.ReadAllBytes(path)).Replace("x9", "x0", StringComparison.Ordinal)));
    }

    private static void Arrow(string path, Grid grid, Func<Stream, Schema, ArrowStreamWriter> open)
    {
        IArrowArray[] columns = [.. grid.Names.Select((_, column) => Array(grid.Column(column).ToList()))];
        var schema = new Schema([.. grid.Names.Select((name, column) => new Field(name, columns[column].Data.DataType, nullable: true))], metadata: null);
        using var file = File.Create(path);
        using var writer = open(file, schema);
        writer.WriteStart();
        if (grid.Rows.Length > 0) writer.WriteRecordBatch(new RecordBatch(schema, columns, grid.Rows.Length));
        writer.WriteEnd();
    }

    private static IArrowArray Array(List<object?> cells) => cells.Exists(cell => cell is string)
        ? cells.Aggregate(new StringArray.Builder(), (all, cell) => all.Append(string.Create(CultureInfo.InvariantCulture, $"{cell}"))).Build()
        : cells.Aggregate(new DoubleArray.Builder(), (all, cell) => cell is double number ? all.Append(number) : all.AppendNull()).Build();
}
