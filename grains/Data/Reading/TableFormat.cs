namespace FlowGrain.Data;

/// <summary>The file formats that can be read, chosen by extension.</summary>
internal static class TableFormat
{
    /// <summary>The extensions, as sentences list them.</summary>
    internal const string Supported = ".csv, .tsv, .parquet, .arrow, .npy, .npz, .sql (and .gz of csv, tsv and npy)";

    private static readonly Dictionary<string, Func<string, string?, TableReader>> Readers = new(StringComparer.OrdinalIgnoreCase)
    {
        [".csv"] = Of(CsvReader.Open),
        [".csv.gz"] = Of(CsvReader.Open),
        [".tsv"] = Of(CsvReader.Open),
        [".tsv.gz"] = Of(CsvReader.Open),
        [".npy"] = Of(NpyReader.Open),
        [".npy.gz"] = Of(NpyReader.Open),
        [".npz"] = Of(NpzReader.Open),
        [".arrow"] = Of(ArrowReader.Open),
        [".parquet"] = DuckReader.OpenParquet,
        [".sql"] = DuckReader.OpenQuery,
    };

    /// <summary>Whether a file of this name can be read.</summary>
    internal static bool IsSupported(string path) => Readers.ContainsKey(Extension(path));

    /// <summary>Whether it is a query over other files.</summary>
    internal static bool IsQuery(string path) => Extension(path).Equals(".sql", StringComparison.OrdinalIgnoreCase);

    /// <summary>The sentence for a file that cannot.</summary>
    internal static BadInputException Unsupported(string path)
    {
        var extension = Extension(path);
        var what = extension.Length == 0 ? "has no extension" : $"is a {extension} file, which cannot be read";
        return new($"'{Path.GetFileName(path)}' {what}; save it as one of {Supported}.");
    }

    /// <summary>Opens the file with the reader of its extension.</summary>
    /// <exception cref="BadInputException">It cannot be read, or its rows cannot be filtered.</exception>
    internal static TableReader Open(string path, string? where)
    {
        try
        {
            return Readers[Extension(path)](path, where);
        }
        catch (Exception error) when (SourceFault.Explains(error))
        {
            throw SourceFault.Sentence(Path.GetFileName(path), error);
        }
    }

    /// <summary>The extension that decides the format, such as .csv.gz.</summary>
    internal static string Extension(string path)
    {
        var last = Path.GetExtension(path);
        return last.Equals(".gz", StringComparison.OrdinalIgnoreCase)
            ? Path.GetExtension(path[..^last.Length]) + last
            : last;
    }

    private static BadInputException NotFiltered(string file) => new(
        $"--where filters .parquet and .sql, and '{file}' is neither; write the condition into a query beside it, such as {Path.GetFileNameWithoutExtension(file)}.sql with SELECT * FROM '{file}' WHERE …");

    private static Func<string, string?, TableReader> Of(Func<string, SourceFile, TableReader> open) => (path, where) =>
    {
        if (where is not null) throw NotFiltered(Path.GetFileName(path));
        var source = SourceFile.Open(path);
        try
        {
            return open(path, source);
        }
        catch (BadInputException) when (source.Damage() is { } damage)
        {
            source.Dispose();
            throw SourceFault.Sentence(Path.GetFileName(path), damage);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    };
}
