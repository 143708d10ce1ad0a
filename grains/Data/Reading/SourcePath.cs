using System.Collections.Immutable;
using System.IO.Enumeration;

namespace FlowGrain.Data;

/// <summary>What a path names: a file that can be a table, a folder of such files, or a glob of them; and what else where it is none.</summary>
public static class SourcePath
{
    private const int MostNames = 1_000; // of a larger folder the first ones are compared: a hint must not take long

    /// <summary>The extensions that can be read, as sentences list them.</summary>
    public const string Supported = TableFormat.Supported;

    /// <summary>Returns the full path of what can be read as one table: a file, a folder of them, or a glob.</summary>
    /// <exception cref="BadInputException">It is none; the sentence says what it is, or which one may be meant.</exception>
    public static string Require(string path)
    {
        Files(path);
        return Path.GetFullPath(path);
    }

    /// <summary>The files that a path names, in the order of their names: the one file as it is named, those in a folder and below it, or those that a glob matches.</summary>
    /// <exception cref="BadInputException">There is none, or they are not of one format.</exception>
    public static ImmutableArray<string> Files(string path)
    {
        if (string.IsNullOrWhiteSpace(path)) throw new BadInputException("The data path is empty; name a file.");
        if (Directory.Exists(path)) return OneFormat(path, InFolder(RealPath.Of(path)));
        if (!File.Exists(path) && IsGlob(path)) return OneFormat(path, Matching(path).Where(TableFormat.IsSupported));
        if (!File.Exists(path)) throw Missing(path);
        if (!TableFormat.IsSupported(path)) throw TableFormat.Unsupported(path);
        if (new FileInfo(path).Length == 0) throw new BadInputException($"'{Path.GetFileName(path)}' is empty: it has no {(TableFormat.IsQuery(path) ? "query; write a SELECT" : "rows; write at least one row of numbers")} into it, or name another file.");
        return [path];
    }

    /// <summary>The file's name without its folder, as sentences use it.</summary>
    public static string Name(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path));

    /// <summary>The part of a path that holds no wildcard: the path itself, or the folder below which a glob looks.</summary>
    internal static string Anchor(string path)
    {
        if (!IsGlob(path) || Path.Exists(path)) return path;
        var anchor = Path.GetFullPath(path);
        while (IsGlob(anchor)) anchor = Path.GetDirectoryName(anchor)!;
        return anchor;
    }

    /// <summary>Whether a path holds a wildcard.</summary>
    internal static bool IsGlob(string path) => path.AsSpan().IndexOfAny('*', '?') >= 0;

    private static IEnumerable<string> InFolder(string folder) => Directory
        .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(file => TableFormat.IsSupported(file) && !TableFormat.IsQuery(file) && !IsHidden(Path.GetRelativePath(folder, file)));

    private static IEnumerable<string> Matching(string glob)
    {
        var anchor = Anchor(glob);
        return Matching(RealPath.Of(anchor), Path.GetRelativePath(anchor, Path.GetFullPath(glob)).Split(Path.DirectorySeparatorChar)).Distinct();
    }

    /// <summary>The files below a folder that match the parts of a glob; <c>**</c> stands for any number of folders.</summary>
    /// <summary>The files that a glob matches, hidden ones not.</summary>
    internal static IEnumerable<string> MatchingFiles(string glob)
    {
        try
        {
            return [.. Matching(glob)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return []; // who reads them says why
        }
    }

    private static IEnumerable<string> Matching(string folder, ReadOnlyMemory<string> parts)
    {
        var (part, rest) = (parts.Span[0], parts[1..]);
        if (rest.IsEmpty) return Directory.EnumerateFiles(folder).Where(file => Fits(file, part));
        var folders = Directory.EnumerateDirectories(folder);
        return part == "**"
            ? [.. Matching(folder, rest), .. folders.SelectMany(below => Matching(below, parts))]
            : folders.Where(below => Fits(below, part)).SelectMany(below => Matching(below, rest));
    }

    private static bool Fits(string path, string part) => FileSystemName.MatchesSimpleExpression(part, Path.GetFileName(path), ignoreCase: false);

    // What other programs leave beside data: .part files, _SUCCESS.
    private static bool IsHidden(string path) => path.Split(Path.DirectorySeparatorChar).Any(part => part[0] is '.' or '_');

    private static ImmutableArray<string> OneFormat(string path, IEnumerable<string> found)
    {
        var files = Listed(path, found);
        if (files.IsEmpty) throw new BadInputException($"'{path}' {(IsGlob(path) ? "matches no data file" : "is a folder without a data file")}; name files of one of {TableFormat.Supported}.");
        if (files.FirstOrDefault(file => new FileInfo(file).Length == 0) is { } empty) throw new BadInputException($"'{Path.GetFileName(empty)}' in '{path}' is empty; write rows into it, or name the others.");
        var formats = files.Select(TableFormat.Extension).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return formats.Count == 1 ? files : throw new BadInputException(
            $"'{path}' holds files of several formats, {string.Join(", ", formats)}, and a data set has one; name a glob, such as '{Path.Combine(Directory.Exists(path) ? path : Path.GetDirectoryName(path) ?? "", "*" + formats[0])}'.");
    }

    private static ImmutableArray<string> Listed(string path, IEnumerable<string> found)
    {
        try
        {
            return [.. found.Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"The files of '{path}' cannot be listed ({SourceFault.Clause(error)}); change the permissions, or name the files.");
        }
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
