using FlowGrain.Serving;

namespace FlowGrain.Client;

/// <summary>Whether rows that were made for one version of a model mean the same to another.</summary>
internal static class RowColumns
{
    /// <summary>Returns when they do: the versions have the same columns, context and levels.</summary>
    /// <param name="described">The version that the rows were made for.</param>
    /// <param name="answering">The version that answers.</param>
    /// <exception cref="BadInputException">They do not.</exception>
    internal static void RequireSame(ModelDescription described, ModelDescription answering)
    {
        if (Difference(described, answering) is { } difference) throw new BadInputException(
            $"Version {answering.Version} of model '{described.Name}' answers now, and {difference}; describe the model again and send what it takes, or name {described.Name}@{described.Version}.");
    }

    private static string? Difference(ModelDescription described, ModelDescription answering)
    {
        if (!described.Columns.SequenceEqual(answering.Columns) || !described.Context.SequenceEqual(answering.Context)) return $"takes {Words(answering)}, where version {described.Version} takes {Words(described)}";
        var column = described.Columns.Concat(described.Context).FirstOrDefault(name => !Levels(described, name).SequenceEqual(Levels(answering, name)));
        return column is null ? null : $"the levels of '{column}' are others than those of version {described.Version}";
    }

    private static string Words(ModelDescription model) => string.Join(", ", model.Columns) + (model.Context.IsEmpty ? "" : $" given {string.Join(", ", model.Context)}");

    private static IEnumerable<string> Levels(ModelDescription model, string column) => model.Levels.TryGetValue(column, out var levels) ? levels : [];
}
