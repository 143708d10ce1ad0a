using System.Text.RegularExpressions;

namespace FlowGrain.Cli.Output;

/// <summary>Makes texts fit into lines.</summary>
internal static partial class Fitting
{
    /// <summary>The text, its end replaced by … where it is longer.</summary>
    internal static string Cut(string text, int width) => text.Length <= width ? text : string.Concat(text.AsSpan(0, Math.Max(0, width - 1)), "…");

    /// <summary>
    /// The text in lines that end between words; a word longer than a line stays whole. The lines after the first stand
    /// under what follows a label: two spaces or more end one.
    /// </summary>
    internal static IEnumerable<string> Lines(string text, int width)
    {
        var indent = new string(' ', Math.Min(Label().Match(text).Length, width / 2));
        var (rest, margin) = (text, "");
        while (margin.Length + rest.Length > width && End(rest, width - margin.Length) is { } end)
        {
            yield return margin + rest[..end].TrimEnd();
            (rest, margin) = (rest[end..].TrimStart(), indent);
        }

        yield return margin + rest;
    }

    // The last space that leaves the line short enough, or the next one where a single word is too long.
    private static int? End(string text, int room)
    {
        var word = text.Length - text.TrimStart().Length;
        var end = text.LastIndexOf(' ', Math.Min(room, text.Length - 1));
        if (end < word) end = text.IndexOf(' ', word);
        return end < 0 ? null : end;
    }

    [GeneratedRegex(@"^ *([^ ]+( [^ ]+)* {2,})?")]
    private static partial Regex Label();
}
