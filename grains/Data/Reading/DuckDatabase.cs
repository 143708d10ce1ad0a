using System.Collections.Immutable;
using System.Globalization;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace FlowGrain.Data;

/// <summary>A DuckDB of its own, in memory, that reads files of one folder and nothing else.</summary>
internal sealed class DuckDatabase : IDisposable
{
    private readonly DuckDBConnection _connection;
    private readonly Lock _gate = new();
    private bool _isOver;

    private DuckDatabase(DuckDBConnection connection) => _connection = connection;

    /// <summary>Opens one.</summary>
    /// <param name="files">The files that may be read.</param>
    /// <param name="folder">A folder whose files may be read too; null for none.</param>
    /// <param name="inOrder">Whether it works on one core: rows of a join come in one order then, wherever it runs.</param>
    internal static DuckDatabase Open(IEnumerable<string> files, string? folder, bool inOrder)
    {
        var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        var database = new DuckDatabase(connection);
        database.Execute("SET autoinstall_known_extensions = false");
        database.Execute("SET autoload_known_extensions = false");
        database.Execute("SET streaming_buffer_size = '64MB'"); // the default of 1 MB makes its threads wait
        if (inOrder) database.Execute("SET threads = 1");
        database.Execute("SET TimeZone = 'UTC'"); // else the moments of a table would depend on where a silo stands
        database.Execute($"SET allowed_paths = [{string.Join(", ", files.SelectMany(file => new[] { file, Plain(file) }).Distinct().Select(Literal))}]"); // it looks at a name as it is written, and then as what it stands for
        if (folder is not null) database.Execute($"SET allowed_directories = [{Literal(folder + "/")}]");
        database.Execute("SET enable_external_access = false");
        database.Execute("SET lock_configuration = true");
        return database;
    }

    /// <summary>A text in SQL.</summary>
    internal static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>One file in SQL, where brackets and wildcards in its name stand for themselves.</summary>
    internal static string File(string path) => Literal(Plain(path));

    private static string Plain(string path) => string.Concat(path.Select(letter => letter is '[' or '*' or '?' ? $"[{letter}]" : $"{letter}"));

    /// <summary>A name in SQL.</summary>
    internal static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Whether the text is one statement, or none that could be understood.</summary>
    internal bool IsOneSelect(string query)
    {
        var count = NativeMethods.ExtractStatements.DuckDBExtractStatements(_connection.NativeConnection, query, out var statements);
        using (statements) return count <= 1;
    }

    /// <summary>Names of the columns of a parquet file as the file has them.</summary>
    /// <param name="file">The file in SQL.</param>
    internal ImmutableArray<string> ParquetColumns(string file)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT name, coalesce(num_children, 0) FROM parquet_schema({file})"; // every node before those below it
        using var reader = command.ExecuteReader();
        var (columns, below) = (ImmutableArray.CreateBuilder<string>(), 0L);
        for (var isRoot = true; reader.Read(); isRoot = false)
        {
            if (isRoot) continue;
            if (below == 0) columns.Add(reader.GetString(0));
            else below--;
            below += reader.GetInt64(1);
        }

        return columns.ToImmutable();
    }

    /// <summary>Names and types of the columns of a query's answer.</summary>
    internal ImmutableArray<(string Name, string Type)> Describe(string query)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"DESCRIBE {query}";
        using var reader = command.ExecuteReader();
        var columns = ImmutableArray.CreateBuilder<(string, string)>();
        while (reader.Read()) columns.Add((reader.GetString(0), reader.GetString(1)));
        return columns.ToImmutable();
    }

    /// <summary>Rows of a table.</summary>
    internal long Count(string from)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM {from}";
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>Begins a query whose answer is made while it is read.</summary>
    internal DuckDBResult Stream(string query)
    {
        var prepared = NativeMethods.PreparedStatements.DuckDBPrepare(_connection.NativeConnection, query, out var statement);
        using (statement)
        {
            if (prepared != DuckDBState.Success) throw new QueryException(NativeMethods.PreparedStatements.DuckDBPrepareError(statement));
            if (NativeMethods.PreparedStatements.DuckDBExecutePreparedStreaming(statement, out var result) == DuckDBState.Success) return result;
            var error = NativeMethods.Query.DuckDBResultError(ref result);
            result.Close();
            throw new QueryException(error);
        }
    }

    /// <summary>Ends what it is at; from any thread.</summary>
    internal void Interrupt()
    {
        lock (_gate)
        {
            if (!_isOver) NativeMethods.Startup.DuckDBInterrupt(_connection.NativeConnection);
        }
    }

    public void Dispose()
    {
        lock (_gate) _isOver = true; // whoever cancels later has nothing to end
        _connection.Dispose();
    }

    private void Execute(string statement)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }
}

/// <summary>What DuckDB says of a query that it cannot answer.</summary>
internal sealed class QueryException(string message) : Exception(message);
