namespace FlowGrain.Data;

/// <summary>Refuses tables on which a density would be degenerate.</summary>
internal static class Screening
{
    /// <summary>Throws a sentence unless every column varies, none is determined by the others, and the rows suffice.</summary>
    /// <param name="reader">The file, read to its end.</param>
    /// <param name="moments">Its statistics, columns to model first.</param>
    /// <param name="dimension">How many columns are modelled.</param>
    /// <param name="dropped">Rows left out because a value was missing.</param>
    internal static void Require(TableReader reader, Moments moments, int dimension, long dropped)
    {
        RequireRows(reader, moments, dropped);
        RequireRange(reader, moments);
        RequireVariation(reader, moments);
        RequireEnoughRows(reader, moments);
        RequireIndependence(reader, moments, dimension);
    }

    private static void RequireRows(TableReader reader, Moments moments, long dropped)
    {
        if (moments.Count >= 2) return;

        var left = moments.Count == 0 ? "no rows" : "only one row";
        throw new BadInputException((dropped, reader.HasNames, moments.Count) switch
        {
            ( > 0, _, _) => $"'{reader.FileName}' has {left} left after {dropped} with missing values were dropped; choose fuller columns with --columns.",
            (_, true, 0) => $"'{reader.FileName}' has a header but no rows; add data.",
            _ => $"'{reader.FileName}' has {left}; a density needs at least two.",
        });
    }

    private static void RequireRange(TableReader reader, Moments moments)
    {
        for (var column = 0; column < moments.Width; column++)
            if (!double.IsFinite(moments.Deviation(column)))
                throw new BadInputException($"'{reader.FileName}': column '{Name(reader, column)}' reaches from {moments.Min[column]} to {moments.Max[column]}, too far for float64 statistics; rescale it.");
    }

    private static void RequireVariation(TableReader reader, Moments moments)
    {
        var constant = Enumerable.Range(0, moments.Width).Where(column => IsConstant(moments, column)).ToList();
        if (constant.Count == 0) return;

        var values = NameList.Of([.. constant.Select(column => $"'{Name(reader, column)}' (always {moments.Min[column]})")]);
        throw new BadInputException($"'{reader.FileName}' has {(constant.Count == 1 ? "a constant column" : "constant columns")}: {values}; {Without(reader, constant)}.");
    }

    private static bool IsConstant(Moments moments, int column) =>
        moments.Min[column] == moments.Max[column] || moments.Deviation(column) == 0;

    private static void RequireEnoughRows(TableReader reader, Moments moments)
    {
        if (moments.Count > moments.Width) return;
        throw new BadInputException($"'{reader.FileName}' has {moments.Count} rows for {moments.Width} columns; a density needs more rows than columns: add rows or choose fewer with --columns.");
    }

    private static void RequireIndependence(TableReader reader, Moments moments, int dimension)
    {
        if (LinearDependence.Find(moments, dimension) is not { } found) return;

        var on = NameList.Quoted([.. found.On.Select(column => Name(reader, column))]);
        throw new BadInputException($"'{reader.FileName}' has linearly dependent columns: '{Name(reader, found.Column)}' = a linear combination of {on}, " +
                                    $"so the density would be degenerate; {Without(reader, [found.Column])}.");
    }

    private static string Name(TableReader reader, int column) => reader.Columns[reader.Selected[column]];

    private static string Without(TableReader reader, List<int> left)
    {
        var rest = Enumerable.Range(0, reader.Width).Except(left).Select(column => Name(reader, column));
        return ColumnsOption.Of(rest) is { } option ? $"leave it out: {option}" : "leave it out of --columns and --context";
    }
}
