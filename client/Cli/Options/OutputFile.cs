using System.Collections.Immutable;
using System.CommandLine;

namespace FlowGrain.Cli.Options;

/// <summary>The option that names a file to write, or with a slash behind it a folder of such files.</summary>
internal static class OutputFile
{
    internal static Option<string?> Option(string description, ImmutableArray<string> extensions, bool orFolder = false, string name = "--out") => new(name)
    {
        Description = description,
        HelpName = $"FILE{string.Join("|", extensions)}{(orFolder ? "[/]" : "")}",
        CustomParser = Value.ReadBy(text => orFolder && Path.EndsInDirectorySeparator(text)
            ? Require(name, Path.TrimEndingDirectorySeparator(text), extensions) + Path.DirectorySeparatorChar
            : Require(name, text, extensions)),
    };

    private static string Require(string name, string text, ImmutableArray<string> extensions)
    {
        var formats = extensions is [var only] ? only : $"{string.Join(", ", extensions[..^1])} or {extensions[^1]}";
        if (text == "") throw new BadInputException($"{name} is empty; name a file that ends in {formats}.");
        if (!extensions.Contains(Path.GetExtension(text), StringComparer.OrdinalIgnoreCase))
            throw new BadInputException($"{name} {text} ends in no format that can be written; end it in {formats}.");
        var path = Path.GetFullPath(text);
        return Directory.Exists(Path.GetDirectoryName(path)) ? path : throw new BadInputException($"{name} {text} lies in a folder that does not exist; make it first.");
    }
}
