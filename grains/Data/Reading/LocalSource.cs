namespace FlowGrain.Data;

/// <summary>Finds the files of a path on this machine, and what to call them elsewhere.</summary>
public static class LocalSource
{
    /// <summary>A file, a folder or a glob with their files, or a query with those that it reads.</summary>
    /// <exception cref="BadInputException">There is something, and it is no table.</exception>
    public static LocalData Of(string path)
    {
        var full = Path.GetFullPath(path);
        var anchor = SourcePath.Anchor(full);
        if (!Path.Exists(anchor)) return new(full, SourcePath.Name(full), []);
        var files = SourceFiles.Paths(full).Concat(TableFormat.IsQuery(full) ? new QueryFile(full).Outside() : []).Where(file => file == full || !TableFormat.IsQuery(full) || IsFor(full, file));
        var (below, real) = (Path.GetDirectoryName(anchor) ?? anchor, RealPath.Of(anchor));
        var realBelow = Path.GetDirectoryName(real) ?? real;
        return new(full, Slashed(Path.GetRelativePath(below, full)), [.. files.Select(file => new LocalFile(file, Slashed(Name(file))))]);

        // A folder's files are found where it really is; a file stands as it is named, with those that it reads beside it.
        string Name(string file) => Path.GetRelativePath(File.Exists(full) ? below : realBelow, file);
    }

    // Of a query that names files by a wildcard all of its folder counts: of that, what can be a table, and nothing else of its user's.
    private static bool IsFor(string query, string file) => TableFormat.IsSupported(file) || File.ReadAllText(query).Contains(Path.GetFileName(file), StringComparison.Ordinal);

    private static string Slashed(string path) => path.Replace(Path.DirectorySeparatorChar, '/');
}
