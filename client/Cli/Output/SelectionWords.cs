using FlowGrain.Data;

namespace FlowGrain.Cli.Output;

/// <summary>What was selected of a table, beside its columns, in words.</summary>
internal static class SelectionWords
{
    /// <summary>Clauses; empty where every row was taken as it is.</summary>
    internal static string Of(DataSelection selection) => string.Join("; ", Clauses(selection));

    private static IEnumerable<string> Clauses(DataSelection selection)
    {
        if (selection.Where is { } where) yield return $"rows where {where}";
        if (selection.Missing == MissingRows.Mask) yield return "rows with gaps are kept";
        if (selection.GroupBy is { } group) yield return $"rows of equal {group} stay together";
        if (selection.Weights is { } weights) yield return $"rows are weighed by {weights}";
        if (selection.Validation is { } file) yield return $"validated on {file}";
        if (selection.Kinds.Count > 0) yield return string.Join(", ", selection.Kinds.Select(kind => $"{kind.Key} is {kind.Value}"));
    }
}
