using System.CommandLine;
using System.CommandLine.Parsing;

namespace FlowGrain.Cli.Options;

/// <summary>The argument that names a file of rows.</summary>
internal static class DataFile
{
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
        $"'{text}' is a folder; name one file in it" + (Directory.EnumerateFiles(text).FirstOrDefault() is { } file ? $", such as {file}." : " (there is no file in this one).");

    private static string Missing(string text, string path) =>
        $"There is no file '{text}'" + Nearest.Hint(Path.GetFileName(path), Siblings(path), "; check the path.");

    private static IEnumerable<string> Siblings(string path) =>
        Path.GetDirectoryName(path) is { } folder && Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Take(1000).Select(file => Path.GetFileName(file)) : [];
}
