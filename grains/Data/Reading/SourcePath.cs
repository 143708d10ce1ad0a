namespace FlowGrain.Data;

/// <summary>Checks that a path names a file that can be a table, and says what else it names.</summary>
public static class SourcePath
{
    private const int MostNames = 1_000; // of a larger folder the first ones are compared: a hint must not take long

    /// <summary>The extensions that can be read, as sentences list them.</summary>
    public const string Supported = TableFormat.Supported;

    /// <summary>Returns the full path of an existing file that is not empty and whose format is known.</summary>
    /// <exception cref="BadInputException">It is no such file; the sentence says what it is, or which one may be meant.</exception>
    public static string Require(string path)
    {
        if (string.IsNullOrWhiteSpace(path)) throw new BadInputException("The data path is empty; name a file.");
        if (Directory.Exists(path)) throw Folder(path);
        if (!File.Exists(path)) throw Missing(path);
        if (!TableFormat.IsSupported(path)) throw TableFormat.Unsupported(path);
        if (new FileInfo(path).Length == 0) throw new BadInputException($"'{Path.GetFileName(path)}' is empty: it has no rows; write at least one row of numbers into it, or name another file.");
        return Path.GetFullPath(path);
    }

    private static BadInputException Folder(string path)
    {
        var file = Names(path).Where(TableFormat.IsSupported).Order(StringComparer.Ordinal).FirstOrDefault();
        return new(file is null
            ? $"'{path}' is a folder without a data file; name a file, one of {TableFormat.Supported}."
            : $"'{path}' is a folder, and folders cannot be read as one data set yet; name one of its files, such as '{Path.Combine(path, file)}'.");
    }

    private static BadInputException Missing(string path)
    {
        var (folder, name) = (Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileName(path));
        return new(Directory.Exists(folder)
            ? $"'{name}' is not in '{folder}'{Sibling(name, folder)}"
            : $"'{name}' is not there: the folder '{folder}' does not exist; check the path.");
    }

    // Compared without what all of them end in, or every two short names would look alike.
    private static string Sibling(string name, string folder)
    {
        var siblings = Names(folder).ToLookup(Stem);
        return Nearest.To(Stem(name), siblings.Select(same => same.Key)) is { } stem ? $"; did you mean {siblings[stem].First()}?" : "; check the path.";
    }

    private static string Stem(string name) => name.Length > 1 && name.IndexOf('.', 1) is > 0 and var dot ? name[..dot] : name;

    private static IEnumerable<string> Names(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder).Take(MostNames).Select(file => Path.GetFileName(file))];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return []; // a folder that may not be listed gives no hint
        }
    }
}
