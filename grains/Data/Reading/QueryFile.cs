using System.Text.RegularExpressions;

namespace FlowGrain.Data;

/// <summary>A query over the files beside it, as its text names them.</summary>
internal sealed partial class QueryFile(string path)
{
    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
    private readonly string _text = File.ReadAllText(path).Trim().TrimEnd(';');

    /// <summary>The text with every file named in full: DuckDB looks whether it may read one before it looks where it is.</summary>
    internal string Text => Named().Replace(_text, name => DuckDatabase.Literal(Path.GetFullPath(Path.Combine(_folder, Value(name)))));

    /// <summary>The files that decide its answer: those that it names, or all of its folder where it names some by a wildcard, or none that is there.</summary>
    internal IEnumerable<string> Sources()
    {
        var names = Named().Matches(_text).Select(Value).ToList();
        var files = names.Select(name => Path.GetFullPath(Path.Combine(_folder, name))).ToList();
        var isSure = files.Count > 0 && files.TrueForAll(File.Exists);
        var sources = isSure ? files : Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories);
        return sources.Where(file => file != Path.GetFullPath(path)).Distinct().Order(StringComparer.Ordinal);
    }

    private static string Value(Match literal) => literal.Value[1..^1].Replace("''", "'", StringComparison.Ordinal);

    // Where a table stands, and nowhere else: 'data' may be a word of the rows as well as a folder.
    [GeneratedRegex(@"(?<=\b(?:from|join)\s+|\bread_\w+\s*\(\s*\[?\s*(?:'(?:[^']|'')*'\s*,\s*)*)'(?:[^']|'')*'", RegexOptions.IgnoreCase)]
    private static partial Regex Named();
}
