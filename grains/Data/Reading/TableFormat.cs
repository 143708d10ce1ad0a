namespace FlowGrain.Data;

/// <summary>The file formats that can be read, chosen by extension.</summary>
internal static class TableFormat
{
    /// <summary>The extensions, as sentences list them.</summary>
    internal const string Supported = ".csv, .csv.gz, .npy, .npy.gz, .npz";

    private static readonly Dictionary<string, Func<string, SourceFile, TableReader>> Readers = new(StringComparer.OrdinalIgnoreCase)
    {
        [".csv"] = CsvReader.Open,
        [".csv.gz"] = CsvReader.Open,
        [".npy"] = NpyReader.Open,
        [".npy.gz"] = NpyReader.Open,
        [".npz"] = NpzReader.Open,
    };

    /// <summary>Whether a file of this name can be read.</summary>
    internal static bool IsSupported(string path) => Readers.ContainsKey(Extension(path));

    /// <summary>The sentence for a file that cannot.</summary>
    internal static BadInputException Unsupported(string path)
    {
        var extension = Extension(path);
        var what = extension.Length == 0 ? "has no extension" : $"is a {extension} file, which cannot be read";
        return new($"'{Path.GetFileName(path)}' {what}; save it as one of {Supported}.");
    }

    /// <summary>Opens the file with the reader of its extension.</summary>
    internal static TableReader Open(string path)
    {
        SourcePath.Require(path);
        try
        {
            return OpenOwned(path, Readers[Extension(path)]);
        }
        catch (Exception error) when (SourceFault.Explains(error))
        {
            throw SourceFault.Sentence(Path.GetFileName(path), error);
        }
    }

    private static TableReader OpenOwned(string path, Func<string, SourceFile, TableReader> open)
    {
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
    }

    private static string Extension(string path)
    {
        var last = Path.GetExtension(path);
        return last.Equals(".gz", StringComparison.OrdinalIgnoreCase)
            ? Path.GetExtension(path[..^last.Length]) + last
            : last;
    }
}
