using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace FlowGrain.Cli.Options;

/// <summary>Names of runs: they become names of folders, so they are plain.</summary>
internal static partial class RunName
{
    private const int Longest = 64;

    internal static Option<string?> Option() => new("--name")
    {
        Description = "Name of the run and of its model. [default: the file's name]",
        HelpName = "NAME",
        CustomParser = Parse,
    };

    internal static Argument<string> Argument() => new("RUN") { Description = "The run's name." };

    /// <summary>A name made of a file's: without folder and extensions, other characters as <c>-</c>.</summary>
    internal static string FromFile(string path)
    {
        var stem = Path.GetFileName(path).Split('.').FirstOrDefault(part => part != "") ?? "";
        var safe = Unsafe().Replace(stem, "-").Trim('-', '_');
        return safe == "" ? "run" : safe[..Math.Min(safe.Length, Longest)];
    }

    private static string? Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Plain().IsMatch(text)) return text;
        result.AddError($"--name {text} cannot name a folder; use up to {Longest} letters, digits, '.', '-' and '_', beginning with a letter or digit.");
        return null;
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    private static partial Regex Plain();

    [GeneratedRegex(@"[^A-Za-z0-9_-]+")]
    private static partial Regex Unsafe();
}
