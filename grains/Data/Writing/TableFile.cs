using System.Collections.Immutable;
using FlowGrain.Storage;

namespace FlowGrain.Data;

/// <summary>The files that a table can be written to, chosen by extension. A file is there whole or not at all.</summary>
public static class TableFile
{
    /// <summary>The extensions.</summary>
    public static ImmutableArray<string> Extensions { get; } = [".csv", ".parquet", ".npy"];

    /// <summary>Begins a file.</summary>
    /// <exception cref="BadInputException">It has another extension, or cannot be written.</exception>
    /// <exception cref="DiskFullException">There is no room for it.</exception>
    public static ITableWriter Create(string path, IReadOnlyList<WrittenColumn> columns) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".csv" => Begun(path, file => new CsvTable(file, columns)),
        ".parquet" => Begun(path, file => new ParquetTable(file, columns)),
        ".npy" => Begun(path, file => new NpyTable(file, columns)),
        _ => throw Unwritable(path),
    };

    /// <summary>Returns when a file of this name can be written.</summary>
    /// <exception cref="BadInputException">It has another extension.</exception>
    internal static void Require(string path)
    {
        if (!IsWritable(path)) throw Unwritable(path);
    }

    /// <summary>Whether a file of this name can be written.</summary>
    internal static bool IsWritable(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private static BadInputException Unwritable(string path) =>
        new($"'{Path.GetFileName(path)}' cannot be written as '{Path.GetExtension(path).ToLowerInvariant()}'; name a {string.Join(", ", Extensions[..^1])} or {Extensions[^1]} file.");

    private static ITableWriter Begun(string path, Func<WholeFile, ITableWriter> begin)
    {
        var file = WholeFile.Create(path);
        try
        {
            return begin(file);
        }
        catch
        {
            file.Dispose(); // there may be no room even for a header
            throw;
        }
    }
}
