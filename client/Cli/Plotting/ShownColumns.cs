using System.Collections.Immutable;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Plotting;

/// <summary>Which columns a picture shows.</summary>
internal static class ShownColumns
{
    /// <summary>Their indices: those asked for, or the first few that are numbers.</summary>
    /// <exception cref="BadInputException">One does not exist, or there are too many.</exception>
    internal static ImmutableArray<int> Choose(ModelDescription model, ImmutableArray<string> asked, int most)
    {
        if (asked.IsEmpty) return [.. Enumerable.Range(0, model.Columns.Length).Where(column => !model.Levels.ContainsKey(model.Columns[column])).Take(most)];
        if (asked.Length > most) throw new BadInputException($"--columns names {asked.Length} columns; this picture shows at most {most}.");
        if (asked.FirstOrDefault(model.Levels.ContainsKey) is { } category) throw new BadInputException($"'{category}' is a category, which this picture cannot show; name numbers in --columns.");
        return [.. asked.Select(name => Index(model, name))];
    }

    private static int Index(ModelDescription model, string name) => model.Columns.IndexOf(name) is >= 0 and var index
        ? index
        : throw new BadInputException($"{model.Name} has no column '{name}'{Nearest.Hint(name, model.Columns, $"; it has {string.Join(", ", model.Columns)}.")}");
}
