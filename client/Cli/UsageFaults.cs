using System.CommandLine;
using System.CommandLine.Parsing;
using FlowGrain.Cli.Commands;

namespace FlowGrain.Cli;

/// <summary>What is wrong with a command line: every fault at once, a sentence each.</summary>
internal static class UsageFaults
{
    internal static IEnumerable<string> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var unknown = UnknownWords(parsed).Distinct().ToArray();
        var options = new OptionFaults(parsed, [.. Options(command)]);
        return options.MisledTheParser ? options.Sentences : unknown.Select(word => Unknown(word, command))
            .Concat(options.Sentences)
            .Concat(parsed.Errors.Where(error => !options.Explain(error) && !IsAboutUnknownWord(error, unknown.Concat(parsed.UnmatchedTokens))).Select(error => Sentence(error, command)))
            .Concat(command is CliCommand { Rules: var rules } ? rules.SelectMany(rule => rule(parsed)) : [])
            .Distinct();
    }

    /// <summary>Whether a word stands where a command should, and is none: <c>dat inspect</c>.</summary>
    internal static bool HasUnknownCommand(ParseResult parsed) =>
        parsed.CommandResult.Command.Subcommands.Count > 0 && parsed.UnmatchedTokens.FirstOrDefault() is { } first && !IsOption(first);

    /// <summary>The command as typed, with a space behind it: <c>runs show </c>.</summary>
    internal static string CommandPath(ParseResult parsed) =>
        parsed.CommandResult.Command is RootCommand ? "" : PathOf(parsed.CommandResult.Command) + " ";

    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand ? $"{PathOf(parent)} {command.Name}" : command.Name;

    // What follows an unknown command was meant for that command. And an unknown option shifts the arguments behind it:
    // without it they may well be right.
    private static IEnumerable<string> UnknownWords(ParseResult parsed)
    {
        if (HasUnknownCommand(parsed)) return parsed.UnmatchedTokens.Take(1);
        var options = parsed.Tokens.Where(token => token.Type == TokenType.Argument && IsLongOption(token.Value)).Select(token => token.Value)
            .Concat(parsed.UnmatchedTokens.Where(IsOption)).ToArray();
        return options.Length > 0 ? options : parsed.UnmatchedTokens;
    }

    private static bool IsLongOption(string word) => word.Length > 2 && word.StartsWith("--", StringComparison.Ordinal);

    private static bool IsOption(string word) => word.Length > 1 && word[0] == '-' && !char.IsAsciiDigit(word[1]);

    private static string Unknown(string word, Command command)
    {
        if (word.StartsWith('-')) return $"There is no option {word}{Nearest.Hint(word, OptionNames(command), ".")}";
        return command.Subcommands.Count > 0
            ? $"There is no command '{word}'{Nearest.Hint(word, CommandNames(command), Others(word, command))}"
            : $"'{word}' is one argument too many.";
    }

    // What stands behind 'runs' and is no command may be a run.
    private static string Others(string word, Command command) => command.Subcommands.Any(sub => sub.Name == "show")
        ? $"; did you mean {command.Name} show {word}?"
        : $"; there are {string.Join(", ", CommandNames(command))}.";

    private static string Sentence(ParseError error, Command command) => error.SymbolResult is CommandResult && command.Subcommands.Count > 0
        ? $"{command.Name} needs a command: {string.Join(", ", CommandNames(command))}."
        : error.Message;

    private static bool IsAboutUnknownWord(ParseError error, IEnumerable<string> words) =>
        words.Any(word => error.Message.Contains($"'{word}'", StringComparison.Ordinal)
            || error.SymbolResult is CommandResult { Command.Subcommands.Count: > 0 });

    private static IEnumerable<string> CommandNames(Command command) => command.Subcommands.Select(sub => sub.Name);

    private static IEnumerable<string> OptionNames(Command command) => Options(command).Select(option => option.Name);

    private static IEnumerable<Option> Options(Command command) => Lineage(command).SelectMany(one => one.Options.Where(option => one == command || option.Recursive));

    private static IEnumerable<Command> Lineage(Command command) =>
        command.Parents.OfType<Command>().SelectMany(Lineage).Prepend(command);
}
