using System.Text.RegularExpressions;

namespace FlowGrain.Training;

/// <summary>Names of runs, and of the models they make: they become folders, URLs and labels, so they are plain.</summary>
public static partial class RunName
{
    private const int Longest = 64; // as in the rule
    private const int Shown = 16; // enough to tell which name it is

    /// <summary>What the names of a model's functions end in, and so no other name.</summary>
    private static readonly string[] Functions = [".sample", ".detect"];

    /// <summary>Whether a run or a model can have the name.</summary>
    public static bool IsAllowed(string name) => Rule().IsMatch(name) && Function(name) is null;

    /// <summary>Returns the name when it can be used.</summary>
    /// <exception cref="BadInputException">It cannot.</exception>
    public static string Require(string name) => IsAllowed(name) ? name : throw new BadInputException(
        Function(name) is { } function ? $"'{Excerpt.Of(name)}' cannot name a run or a model: what ends in {function} is a function of a model; choose another name."
        : name.Length > Longest ? $"A name of {name.Length} characters, '{name[..Shown]}…', is too long for a run or a model; take at most {Longest}."
        : $"'{name}' cannot name a run or a model; take 1 to {Longest} letters, digits, '.', '_' or '-', beginning with a letter or digit, and not ending in {string.Join(" or ", Functions)}.");

    /// <summary>What a name ends in that is a function of a model, such as <c>.sample</c>; null of every other.</summary>
    public static string? Function(string name) => Array.Find(Functions, suffix => name.EndsWith(suffix, StringComparison.Ordinal));

    /// <summary>A name made of a file's: without folder and extensions, other characters as <c>-</c>.</summary>
    public static string FromFile(string path)
    {
        var stem = Path.GetFileName(path).Split('.').FirstOrDefault(part => part != "") ?? "";
        var plain = Other().Replace(stem, "-").Trim('-', '_');
        return plain == "" ? "run" : plain[..Math.Min(plain.Length, Longest)];
    }

    // \z, because $ lets a last newline pass.
    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex Rule();

    [GeneratedRegex("[^A-Za-z0-9_-]+")]
    private static partial Regex Other();
}
