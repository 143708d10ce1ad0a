using System.CommandLine;
using System.CommandLine.Completions;
using FlowGrain.Storage;

namespace FlowGrain.Cli.Completion;

/// <summary>What a shell may offer while a command is typed.</summary>
internal static class Suggestions
{
    private const string Nowhere = "/dev/null/nowhere"; // no folder can be below a device

    extension<T>(Option<T> option)
    {
        /// <summary>Offers these words and no others.</summary>
        internal Option<T> Offering(params IEnumerable<string> words) => option.Offering(_ => words);

        /// <summary>Offers words that are only known when they are asked for.</summary>
        internal Option<T> Offering(Func<CompletionContext, IEnumerable<string>> words)
        {
            Fill(option.CompletionSources, words);
            return option;
        }
    }

    extension<T>(Argument<T> argument)
    {
        /// <inheritdoc cref="Offering{T}(Option{T}, Func{CompletionContext, IEnumerable{string}})" />
        internal Argument<T> Offering(Func<CompletionContext, IEnumerable<string>> words)
        {
            Fill(argument.CompletionSources, words);
            argument.HelpName ??= argument.Name; // help would list the words in its place
            return argument;
        }
    }

    /// <summary>The runs of the home; none of another cluster, which would have to be asked.</summary>
    internal static Func<CompletionContext, IEnumerable<string>> Runs(Cli cli) => context => Names(cli, context).Runs;

    /// <summary>The models of the home; behind an <c>@</c> their versions.</summary>
    internal static Func<CompletionContext, IEnumerable<string>> Models(Cli cli) => context =>
    {
        var (names, word) = (Names(cli, context), context.WordToComplete);
        return word.IndexOf('@') is > 0 and var at ? names.Versions(word[..at]).Select(version => $"{word[..at]}@{version}") : names.Models;
    };

    private static HomeNames Names(Cli cli, CompletionContext context) =>
        new(context.ParseResult.GetResult(cli.Options.Cluster) is null ? cli.HomeOf(context.ParseResult).Path : Nowhere);

    // The parser would offer the names of an enum, which are not what an option takes.
    private static void Fill(List<Func<CompletionContext, IEnumerable<CompletionItem>>> sources, Func<CompletionContext, IEnumerable<string>> words)
    {
        sources.Clear();
        sources.Add(context => words(context).Select(word => new CompletionItem(word)));
    }
}
