using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;

namespace FlowGrain.Cli.Options;

/// <summary>Options that take names separated by commas.</summary>
internal static class Columns
{
    internal static Option<ImmutableArray<string>> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "a,b",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => Parse(result, name),
        DefaultValueFactory = _ => [],
    };

    private static ImmutableArray<string> Parse(ArgumentResult result, string name)
    {
        ImmutableArray<string> names = [.. result.Tokens.SelectMany(token => token.Value.Split(',')).Select(column => column.Trim())];
        if (names.Contains("")) result.AddError($"{name} has an empty name; give names separated by commas, such as {name} a,b.");
        foreach (var twice in names.GroupBy(column => column).Where(group => group.Key != "" && group.Count() > 1))
            result.AddError($"{name} has {twice.Key} twice; name every column once.");
        return names;
    }
}
