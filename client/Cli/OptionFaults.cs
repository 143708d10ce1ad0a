using System.CommandLine;
using System.CommandLine.Parsing;

namespace FlowGrain.Cli;

/// <summary>Options that lack their value, or are given again; the parser would let some of them pass.</summary>
internal sealed class OptionFaults
{
    private readonly IReadOnlyCollection<Option> _options;
    private readonly Dictionary<Option, string> _sentences = [];

    /// <summary>Looks at every option as it was typed.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">The options that it can have.</param>
    internal OptionFaults(ParseResult parsed, IReadOnlyCollection<Option> options)
    {
        _options = options;
        foreach (var option in options.Where(option => option.Arity.MinimumNumberOfValues > 0)) Look(parsed.Tokens, option);
    }

    /// <summary>A sentence each.</summary>
    internal IEnumerable<string> Sentences => _sentences.Values;

    /// <summary>Whether an option lacks its value because another option stands there: the parser took that one for the value, and has misread all behind it.</summary>
    internal bool MisledTheParser { get; private set; }

    /// <summary>Whether an error of the parser is about one of them.</summary>
    internal bool Explain(ParseError error) => error.SymbolResult is OptionResult { Option: var option } && _sentences.ContainsKey(option);

    private void Look(IReadOnlyList<Token> tokens, Option option)
    {
        var typed = tokens.Index().Where(token => token.Item.Type == TokenType.Option && IsOf(option, token.Item.Value)).Select(token => token.Index).ToArray();
        if (typed.Any(at => LacksValue(tokens, at))) _sentences[option] = $"{option.Name} needs a value: {option.Name} {option.HelpName}.";
        else if (typed.Length > 1 && option.Arity.MaximumNumberOfValues == 1) _sentences[option] = $"{option.Name} is given {(typed.Length == 2 ? "twice" : $"{typed.Length} times")}; give it once.";
    }

    private bool LacksValue(IReadOnlyList<Token> tokens, int at)
    {
        if (at + 1 == tokens.Count || tokens[at + 1].Type != TokenType.Argument) return true;
        var isOption = _options.Any(option => IsOf(option, tokens[at + 1].Value));
        MisledTheParser |= isOption;
        return isOption;
    }

    private static bool IsOf(Option option, string word) => option.Name == word || option.Aliases.Contains(word);
}
