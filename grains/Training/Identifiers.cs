using FlowGrain.Data;

namespace FlowGrain.Training;

/// <summary>Columns that may tell rows apart rather than measure something: whole numbers, all different.</summary>
internal static class Identifiers
{
    private const long Few = 20; // rows, in which any numbers may differ
    private const double AllDiffer = 0.98; // of the rows, where distinct values are an estimate

    /// <summary>What to do about those that nobody has asked for by name, as a sentence; null where there are none.</summary>
    internal static string? Advice(Manifest manifest, DataSelection selection)
    {
        if (!selection.Columns.IsDefaultOrEmpty) return null;
        var (suspects, others) = (manifest.Columns[..manifest.Dimension].Where(IsSuspect).ToList(), manifest.Columns[..manifest.Dimension].Where(column => !IsSuspect(column)).ToList());
        if (suspects.Count == 0) return null;
        var (hold, them) = suspects.Count == 1 ? ("holds", "it") : ("hold", "them");
        var option = ColumnsOption.Of(others.Select(column => column.Name)) is { } columns ? $": {columns}" : "";
        return $"{NameList.Quoted([.. suspects.Select(column => column.Name)])} {hold} whole numbers that differ in every row; if they tell rows apart rather than measure something, leave {them} out{option}.";

        bool IsSuspect(ManifestColumn column) => column is { IsWhole: true, Levels: null, Distinct: { } distinct } && !selection.Kinds.ContainsKey(column.Name) &&
            manifest.Rows > Few && distinct >= (distinct <= DistinctValues.Limit ? 1 : AllDiffer) * manifest.Rows;
    }
}
