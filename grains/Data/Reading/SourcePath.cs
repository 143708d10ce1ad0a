namespace FlowGrain.Data;

/// <summary>Checks that a path names a file, and says what else it names.</summary>
internal static class SourcePath
{
    /// <summary>Throws unless the path names an existing file that is not empty.</summary>
    internal static void Require(string path)
    {
        if (string.IsNullOrWhiteSpace(path)) throw new BadInputException("The data path is empty; name a file.");
        if (Directory.Exists(path)) throw Folder(path);
        if (!File.Exists(path)) throw Missing(path);
        if (new FileInfo(path).Length == 0) throw new BadInputException($"'{Path.GetFileName(path)}' is empty: it has no rows; write at least one row of numbers into it, or name another file.");
    }

    private static BadInputException Folder(string path)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        var file = Names(path).Where(TableFormat.IsSupported).Order(StringComparer.Ordinal).FirstOrDefault();
        return new(file is null
            ? $"'{name}' is a folder without a data file; name a file, one of {TableFormat.Supported}."
            : $"'{name}' is a folder, and folders cannot be read as one data set yet; name one of its files, such as '{Path.Combine(path, file)}'.");
    }

    private static BadInputException Missing(string path)
    {
        var (folder, name) = (Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileName(path));
        if (!Directory.Exists(folder)) return new($"'{name}' is not there: the folder '{folder}' does not exist; check the path.");

        var near = Nearest.To(name, Names(folder));
        var hint = near is null ? "check the path." : $"did you mean '{near}'?";
        return new($"'{name}' is not in '{folder}'; {hint}");
    }

    private static IEnumerable<string> Names(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file))];
        }
        catch (UnauthorizedAccessException)
        {
            return []; // a folder that may not be listed gives no hint
        }
    }
}
