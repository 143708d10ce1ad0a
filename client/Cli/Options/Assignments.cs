using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;

namespace FlowGrain.Cli.Options;

/// <summary>Repeatable options of the form <c>key=value</c>.</summary>
internal static class Assignments
{
    internal static Option<ImmutableSortedDictionary<string, string>> Option(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => Parse(result, name),
        DefaultValueFactory = _ => ImmutableSortedDictionary<string, string>.Empty,
    };

    private static ImmutableSortedDictionary<string, string> Parse(ArgumentResult result, string name)
    {
        var pairs = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var text in result.Tokens.Select(token => token.Value))
        {
            var (key, value) = Halves(text);
            if (key == "" || value == "") result.AddError($"{name} {text} assigns nothing; write {name} key=value.");
            else if (!pairs.TryAdd(key, value)) result.AddError($"{name} gives {key} twice; give it once.");
        }
        return pairs.ToImmutable();
    }

    private static (string Key, string Value) Halves(string text) =>
        text.IndexOf('=') is > 0 and var at ? (text[..at].Trim(), text[(at + 1)..].Trim()) : ("", "");
}
