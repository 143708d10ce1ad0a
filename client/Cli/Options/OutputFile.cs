using System.CommandLine;
using System.CommandLine.Parsing;

namespace FlowGrain.Cli.Options;

/// <summary>The option that names a file to write.</summary>
internal static class OutputFile
{
    internal static Option<string?> Option(string description, params string[] extensions) => new("--out")
    {
        Description = description,
        HelpName = $"FILE{string.Join("|", extensions)}",
        CustomParser = result => Parse(result, extensions),
    };

    private static string? Parse(ArgumentResult result, string[] extensions)
    {
        var text = result.Tokens[0].Value;
        var path = Path.GetFullPath(text);
        if (!extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
            result.AddError($"--out {text} ends in no format that can be written; end it in {string.Join(" or ", extensions)}.");
        else if (!Directory.Exists(Path.GetDirectoryName(path)))
            result.AddError($"--out {text} lies in a folder that does not exist; make it first.");
        return path;
    }
}
