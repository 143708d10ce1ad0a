using System.CommandLine;
using System.CommandLine.Parsing;

namespace FlowGrain.Cli.Options;

/// <summary>The argument that names a file of rows.</summary>
internal static class DataFile
{
    private static readonly string[] Extensions = [".csv", ".csv.gz", ".npy", ".npz"];

    internal static Argument<string> Argument() => new("DATA")
    {
        Description = "A .csv (also .csv.gz), .npy or .npz file.",
        CustomParser = Parse,
    };

    private static string? Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var path = Path.GetFullPath(text);
        if (File.Exists(path)) return path;
        result.AddError(Directory.Exists(path) ? Folder(text) : Missing(text, path));
        return null;
    }

    private static string Folder(string text) =>
        $"'{text}' is a folder; name one file in it" + (DataFiles(text).FirstOrDefault() is { } file ? $", such as {file}." : " (there is no .csv, .csv.gz, .npy or .npz in this one).");

    private static IEnumerable<string> DataFiles(string folder) => Directory.EnumerateFiles(folder)
        .Where(file => Extensions.Any(extension => file.EndsWith(extension, StringComparison.OrdinalIgnoreCase)))
        .Order(StringComparer.Ordinal);

    private static string Missing(string text, string path) =>
        $"There is no file '{text}'" + (Sibling(path) is { } near ? $"; did you mean {near}?" : "; check the path.");

    // Compared without what all of them end in, or every two short names would look alike.
    private static string? Sibling(string path)
    {
        if (Path.GetDirectoryName(path) is not { } folder || !Directory.Exists(folder)) return null;
        var siblings = Directory.EnumerateFiles(folder).Take(1000).Select(file => Path.GetFileName(file)).ToLookup(Stem);
        return Nearest.To(Stem(Path.GetFileName(path)), siblings.Select(stem => stem.Key)) is { } stem ? siblings[stem].First() : null;
    }

    private static string Stem(string name) => name.Length > 1 && name.IndexOf('.', 1) is > 0 and var dot ? name[..dot] : name;
}
