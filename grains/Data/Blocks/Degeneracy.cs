namespace FlowGrain.Data;

/// <summary>What would make the density of some rows degenerate: constant columns, fewer rows than columns, columns that the others determine.</summary>
/// <param name="moments">The rows, with the columns to model first.</param>
/// <param name="names">Names of the columns.</param>
/// <param name="dimension">How many columns are modelled.</param>
/// <param name="file">The file as sentences name it.</param>
/// <param name="among">Which of its rows, such as " among its 18 training rows"; empty for all.</param>
internal sealed class Degeneracy(Moments moments, IReadOnlyList<string> names, int dimension, string file, string among = "")
{
    private const int ShownDependences = 3; // a sentence with more combinations is not read

    /// <summary>Every fault, as a sentence; each is looked for when it is asked for.</summary>
    internal IEnumerable<string> Faults()
    {
        var constant = Enumerable.Range(0, moments.Width).Where(moments.IsConstant).ToList();
        if (constant.Count > 0) yield return Constant(constant);
        if ((FewerRowsThanColumns() ?? Dependent(constant)) is { } fault) yield return fault;
    }

    /// <summary>The columns that others determine, as a sentence; null where none is. Constant ones are left aside.</summary>
    internal string? Dependence() => Dependent([.. Enumerable.Range(0, moments.Width).Where(moments.IsConstant)]);

    private string Constant(List<int> constant)
    {
        var values = NameList.Of(constant, column => $"{NameList.Quoted(names[column])} (always {moments.Min[column]:G7})");
        return $"'{file}' has {(constant.Count == 1 ? "a constant column" : "constant columns")}{among}: {values}; {Without(constant)}.";
    }

    private string? FewerRowsThanColumns() => moments.Count > moments.Width ? null :
        $"'{file}' has {moments.Count} {(among == "" ? "" : "training ")}rows for {moments.Width} columns; a density needs more rows than columns: add rows or choose fewer with --columns.";

    private string? Dependent(List<int> constant)
    {
        var found = LinearDependence.Find(moments, dimension);
        if (found.Length == 0) return null;

        var combinations = string.Join("; ", found.Take(ShownDependences).Select(Combination)) + (found.Length > ShownDependences ? $"; and {found.Length - ShownDependences} more" : "");
        return $"'{file}' has linearly dependent columns{among}: {combinations}, " +
               $"so the density would be degenerate; {Without([.. constant, .. found.Select(dependence => dependence.Column)])}.";
    }

    private string Combination(LinearDependence dependence) =>
        $"'{names[dependence.Column]}' = a linear combination of {NameList.Quoted([.. dependence.On.Select(column => names[column])])}";

    private string Without(List<int> left)
    {
        var (rest, them) = (Enumerable.Range(0, moments.Width).Except(left).Select(column => names[column]), left.Count == 1 ? "it" : "them");
        return ColumnsOption.Of(rest) is { } option ? $"leave {them} out: {option}" : $"leave {them} out of --columns and --context";
    }
}
