using System.Text.RegularExpressions;

namespace FlowGrain.Tests.Architecture;

/// <summary>Finds code that may leave its thread while a scope of Torch is open there; by its text, which is enough for how scopes are written here.</summary>
internal static partial class TensorScopes
{
    /// <summary>The lines, from 1, of every <c>await</c> and <c>yield</c> between a scope's beginning and its end.</summary>
    internal static IEnumerable<int> Leaks(string source)
    {
        var code = Uncode().Replace(source, text => new string([.. text.Value.Select(letter => letter == '\n' ? '\n' : ' ')]));
        return Scope().Matches(code)
            .SelectMany(scope => Leave().Matches(code[..EndOf(code, scope)], scope.Index))
            .Select(leave => 1 + code.AsSpan(0, leave.Index).Count('\n'))
            .Distinct().Order();
    }

    /// <summary>Where a scope ends: <c>using (…)</c> with the statement or block that follows, anything else with the block that it stands in.</summary>
    private static int EndOf(string code, Match scope)
    {
        var at = scope.Index + scope.Length;
        if (scope.Groups["statement"].Success)
        {
            at = After(code, at, depth: 1, '(', ')');
            var block = code.IndexOfAny(['{', ';'], at);
            return block < 0 ? code.Length : code[block] == ';' ? block : After(code, block + 1, depth: 1, '{', '}');
        }

        return After(code, at, depth: 1, '{', '}');
    }

    /// <summary>The position after the bracket that closes so many open ones.</summary>
    private static int After(string code, int at, int depth, char open, char close)
    {
        for (; at < code.Length && depth > 0; at++)
            depth += code[at] == open ? 1 : code[at] == close ? -1 : 0;
        return at;
    }

    // What is no code: comments, texts and letters. A raw text comes before a short one, which its quotes would look like.
    [GeneratedRegex("""
        //[^\n]* | /\*.*?\*/ | "{3,}.*?"{3,} | @\$?"(?:""|[^"])*" | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])+'
        """, RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Uncode();

    [GeneratedRegex(@"(?<statement>using\s*\(\s*[^;{}()]*?)?\b(?:NewDisposeScope|no_grad|inference_mode|enable_grad|set_grad_enabled)\s*\(")]
    private static partial Regex Scope();

    [GeneratedRegex(@"\bawait\b|\byield\b")]
    private static partial Regex Leave();
}
