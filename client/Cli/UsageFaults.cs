using System.CommandLine;
using System.CommandLine.Parsing;

namespace FlowGrain.Cli;

/// <summary>What is wrong with a command line: every fault at once, a sentence each.</summary>
internal static class UsageFaults
{
    internal static IEnumerable<string> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        return UnknownWords(parsed).Select(word => Unknown(word, command))
            .Concat(parsed.Errors.Where(error => !IsAboutUnknownWord(error, parsed)).Select(error => error.Message))
            .Distinct();
    }

    /// <summary>The command as typed, with a space behind it: <c>runs show </c>.</summary>
    internal static string CommandPath(ParseResult parsed) =>
        parsed.CommandResult.Command is RootCommand ? "" : PathOf(parsed.CommandResult.Command) + " ";

    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand ? $"{PathOf(parent)} {command.Name}" : command.Name;

    // The word behind an unknown option is most likely its value: one fault, not two.
    private static IEnumerable<string> UnknownWords(ParseResult parsed)
    {
        var behindOption = false;
        foreach (var word in parsed.UnmatchedTokens)
        {
            var isOption = word.StartsWith('-') && !double.TryParse(word, out _);
            if (isOption || !behindOption) yield return word;
            behindOption = isOption;
        }
    }

    private static string Unknown(string word, Command command)
    {
        if (word.StartsWith('-')) return $"There is no option {word}{Nearest.Hint(word, OptionNames(command), ".")}";
        return command.Subcommands.Count > 0
            ? $"There is no command '{word}'{Nearest.Hint(word, CommandNames(command), $"; there are {string.Join(", ", CommandNames(command))}.")}"
            : $"'{word}' is one argument too many.";
    }

    private static bool IsAboutUnknownWord(ParseError error, ParseResult parsed) =>
        parsed.UnmatchedTokens.Any(word => error.Message.Contains($"'{word}'", StringComparison.Ordinal))
        || (parsed.UnmatchedTokens.Count > 0 && error.SymbolResult is CommandResult { Command.Subcommands.Count: > 0 });

    private static IEnumerable<string> CommandNames(Command command) => command.Subcommands.Select(sub => sub.Name);

    private static IEnumerable<string> OptionNames(Command command) => Lineage(command)
        .SelectMany(one => one.Options.Where(option => one == command || option.Recursive))
        .Select(option => option.Name);

    private static IEnumerable<Command> Lineage(Command command) =>
        command.Parents.OfType<Command>().SelectMany(Lineage).Prepend(command);
}
