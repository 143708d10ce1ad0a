using System.Text.RegularExpressions;

namespace FlowGrain.Data;

/// <summary>A query over the files beside it, as its text names them.</summary>
internal sealed partial class QueryFile(string path)
{
    private readonly string _path = Path.GetFullPath(path);
    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
    private readonly string _text = File.ReadAllText(path).Trim().TrimEnd(';');

    /// <summary>The text with every file named in full: DuckDB looks whether it may read one before it looks where it is.</summary>
    internal string Text => Named().Replace(_text, name => name.Value[0] == '\'' ? DuckDatabase.Literal(Full(name)) : File.Exists(Full(name)) ? DuckDatabase.Identifier(Full(name)) : name.Value);

    /// <summary>Whether it names files by a wildcard, and so reads what its folder happens to hold.</summary>
    internal bool HasWildcard => Quoted().Matches(_text).Any(literal => SourcePath.IsGlob(Value(literal)) && !File.Exists(Full(literal)));

    /// <summary>
    /// The files that decide its answer, of those beside it and below: what is quoted anywhere in it and is the name of such a
    /// file, or a wildcard that such files match. What it quotes for other ends costs the reading of its hash, and no more.
    /// </summary>
    internal IEnumerable<string> Sources()
    {
        var inside = RealPath.Of(_folder);
        return Quoted().Matches(_text).SelectMany(Files)
            .Where(file => file != _path && RealPath.IsBelow(RealPath.Of(file), inside)).Distinct().Order(StringComparer.Ordinal);
    }

    /// <summary>Files that it names as tables and that lie elsewhere, which it may not read.</summary>
    internal IEnumerable<string> Outside() => Named().Matches(_text).Select(Full).Where(file => File.Exists(file) && !RealPath.IsBelow(RealPath.Of(file), RealPath.Of(_folder)));

    private IEnumerable<string> Files(Match literal)
    {
        var full = Full(literal);
        return IsFile(full) ? [full] : SourcePath.IsGlob(full) && full.StartsWith(_folder, StringComparison.Ordinal) ? SourcePath.MatchingFiles(full).Where(IsFile) : [];
    }

    // A pipe would never end, and a device neither.
    private static bool IsFile(string path) => File.Exists(path) && (File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path) is var real && (File.GetAttributes(real) & (FileAttributes.Device | FileAttributes.Directory)) == 0 && new FileInfo(real).Length > 0;

    private string Full(Match literal) => Path.GetFullPath(Path.Combine(_folder, Value(literal).Replace("\0", "", StringComparison.Ordinal)));

    private static string Value(Match literal) => literal.Value[1..^1].Replace(literal.Value[..1] + literal.Value[..1], literal.Value[..1], StringComparison.Ordinal);

    // Where a table stands, and nowhere else: 'data' may be a word of the rows as well as a folder.
    [GeneratedRegex("""(?<=\b(?:from|join)\s+(?:(?:'(?:[^']|'')*'|"(?:[^"]|"")*")(?:\s+(?:as\s+)?\w+)?\s*,\s*)*|\bread_\w+\s*\(\s*\[?\s*(?:'(?:[^']|'')*'\s*,\s*)*)(?:'(?:[^']|'')*'|"(?:[^"]|"")*")""", RegexOptions.IgnoreCase)]
    private static partial Regex Named();

    [GeneratedRegex(@"'(?:[^']|'')*'|""(?:[^""]|"""")*""")]
    private static partial Regex Quoted();
}
