using FlowGrain.Data;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Output;

/// <summary>A value of a model's column as people read it.</summary>
internal static class ColumnValue
{
    /// <summary>The level of a category, the date of days, or the number.</summary>
    internal static string Of(ModelDescription model, string column, double value) =>
        model.Levels.TryGetValue(column, out var levels) && value >= 0 && value < levels.Length ? levels[(int)value] : Date(model, column, value) ?? Figures.Value(value);

    /// <summary>Where a column begins or ends: a date, or the number.</summary>
    internal static string Bound(ModelDescription model, string column, ColumnRange range, double value) =>
        Date(model, column, Math.Floor(value)) ?? Figures.Value(value, range.High - range.Low);

    private static string? Date(ModelDescription model, string column, double value) =>
        model.Dates.Contains(column) ? DateText.Of(value, isWhole: value == Math.Floor(value)) : null;
}
