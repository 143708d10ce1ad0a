using FlowGrain.Serving;

namespace FlowGrain.Cli.Output;

/// <summary>A value of a model's column as people read it.</summary>
internal static class ColumnValue
{
    /// <summary>The level of a category, or the number.</summary>
    internal static string Of(ModelDescription model, string column, double value) =>
        model.Levels.TryGetValue(column, out var levels) && value >= 0 && value < levels.Length ? levels[(int)value] : Figures.Value(value);
}
