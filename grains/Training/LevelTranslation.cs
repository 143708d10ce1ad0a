using FlowGrain.Data;
using FlowGrain.Flows.Tables;

namespace FlowGrain.Training;

/// <summary>Gives the categories of a data set the codes that a table has for their levels: a run that begins with a model has that one's.</summary>
/// <param name="manifest">The data set.</param>
/// <param name="table">The table, of the same columns.</param>
internal sealed class LevelTranslation(Manifest manifest, TableSpec table)
{
    private readonly (int Column, double[] Codes)[] _codes = [.. manifest.Columns.Zip(table.Columns.Concat(table.Context)).Index()
        .Where(at => at.Item is ({ Levels: { } levels }, CategoryColumn category) && !levels.SequenceEqual(category.Levels))
        .Select(at => (at.Index, Codes(at.Item.First, (CategoryColumn)at.Item.Second)))];

    /// <summary>Translates rows <c>[B, W]</c> in their place; a level that the table does not have becomes the code of none.</summary>
    internal void Apply(Span<double> rows)
    {
        foreach (var (column, codes) in _codes)
            for (var i = column; i < rows.Length; i += manifest.Columns.Length) rows[i] = codes[(int)rows[i]];
    }

    private static double[] Codes(ManifestColumn column, CategoryColumn category) => [.. column.Levels!.Value.Select(level => (double)category.Levels.IndexOf(level))];
}
