using System.Collections.Immutable;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Plotting;

/// <summary>Which columns a picture shows.</summary>
internal static class ShownColumns
{
    /// <summary>Their indices: those asked for, or the first few.</summary>
    /// <exception cref="BadInputException">One does not exist, or there are too many.</exception>
    internal static ImmutableArray<int> Choose(ModelDescription model, ImmutableArray<string> asked, int most)
    {
        if (asked.IsEmpty) return [.. Enumerable.Range(0, Math.Min(most, model.Columns.Length))];
        if (asked.Length > most) throw new BadInputException($"--columns names {asked.Length} columns; this picture shows at most {most}.");
        return [.. asked.Select(name => Index(model, name))];
    }

    private static int Index(ModelDescription model, string name) => model.Columns.IndexOf(name) is >= 0 and var index
        ? index
        : throw new BadInputException($"{model.Name} has no column '{name}'{Nearest.Hint(name, model.Columns, $"; it has {string.Join(", ", model.Columns)}.")}");
}
