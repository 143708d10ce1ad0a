using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Data;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Commands;

/// <summary>The values to condition a model on.</summary>
internal static class GivenContext
{
    private const int Shown = 12; // a sentence with more levels is not read

    internal static Option<ImmutableSortedDictionary<string, string>> Option() =>
        Assignments.Option("--given", "c=VALUE", "Value of a context column, one for each; a conditional model needs them all.");

    /// <summary>The values in the order of the model's context columns; says which of them its training rows did not reach.</summary>
    /// <exception cref="BadInputException">A column is missing or unknown, or its value is not a number or a known level.</exception>
    internal static ImmutableArray<double> Of(Invocation cli, ModelDescription model, ImmutableSortedDictionary<string, string> given)
    {
        var values = Of(model, given);
        foreach (var (name, value, range) in model.Context.Zip(values, model.ContextRanges))
            if (value < range.Low || value > range.High) cli.Warn(Outside(model, name, value, range));
        return values;
    }

    private static string Outside(ModelDescription model, string name, double value, ColumnRange range) =>
        $"{name}={ColumnValue.Of(model, name, value)} lies outside {ColumnValue.Bound(model, name, range, range.Low)} to {ColumnValue.Bound(model, name, range, range.High)}, where nearly all training rows were; what the model gives there is a guess.";

    private static ImmutableArray<double> Of(ModelDescription model, ImmutableSortedDictionary<string, string> given)
    {
        if (given.Keys.FirstOrDefault(name => !model.Context.Contains(name)) is { } unknown) throw Unknown(model, unknown);
        if (model.Context.FirstOrDefault(name => !given.ContainsKey(name)) is { } missing)
            throw new BadInputException($"{model.Name} is conditioned on {string.Join(", ", model.Context)}; add --given {missing}=VALUE.");
        return [.. model.Context.Select(name => model.Levels.TryGetValue(name, out var levels) ? Level(name, levels, given[name]) : Number(name, given[name]))];
    }

    private static BadInputException Unknown(ModelDescription model, string name) => new(model.Context.IsEmpty
        ? $"{model.Name} is not conditioned on anything; leave --given {name}= out."
        : $"{model.Name} is not conditioned on '{name}'{Nearest.Hint(name, model.Context, $"; it is on {string.Join(", ", model.Context)}.")}");

    private static double Level(string name, ImmutableArray<string> levels, string text) => levels.IndexOf(text) is >= 0 and var index
        ? index
        : throw new BadInputException($"--given {name}={text}: the model has never seen '{text}'{Nearest.Hint(text, levels, $"; it knows {string.Join(", ", levels.Take(Shown))}{(levels.Length > Shown ? $" and {levels.Length - Shown} more" : "")}.")}");

    /// <summary>A number, or a date or moment as tables have it: in days since 1970-01-01.</summary>
    private static double Number(string name, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value
            : DateText.TryParse(text, out var days) ? days
            : throw new BadInputException($"--given {name}={text} is not a number; write one, such as --given {name}=1.5, or a date, such as 2024-01-31.");
}
