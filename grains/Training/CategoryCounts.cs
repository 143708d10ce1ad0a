using FlowGrain.Flows.Tables;

namespace FlowGrain.Training;

/// <summary>Counts the combinations of modelled categories among encoded rows, by their weights where they have some.</summary>
internal sealed class CategoryCounts(TableSpec table)
{
    private readonly int[] _levels = [.. table.Categories.Select(column => column.Levels.Length)];
    private readonly Dictionary<SeenLevels, double> _rows = []; // by a combination with no rows
    private readonly int _first = table.FlowColumns.Length;
    private readonly int _width = table.FlowColumns.Length + table.FlowContext.Length;

    /// <summary>Adds rows <c>[B, D + C]</c>, whose context begins with the indicators of the modelled categories.</summary>
    internal void Add(ReadOnlySpan<double> rows, ReadOnlySpan<float> weights)
    {
        if (_levels.Length == 0) return;
        for (var row = 0; row < rows.Length / _width; row++)
        {
            var seen = Levels(rows.Slice(row * _width + _first, _width - _first));
            _rows[seen] = _rows.GetValueOrDefault(seen) + (weights.IsEmpty ? 1 : weights[row]);
        }
    }

    /// <summary>Their density; null where no category is modelled.</summary>
    internal CategoricalSpec? Spec() => _levels.Length == 0 ? null : new(
        [.. _rows.Select(pair => pair.Key with { Rows = pair.Value }).OrderBy(seen => seen.Levels, Comparer<IEnumerable<int>>.Create(Compare))]);

    private SeenLevels Levels(ReadOnlySpan<double> context)
    {
        var levels = new int[_levels.Length];
        for (var column = 0; column < levels.Length; column++)
        {
            levels[column] = context[..(_levels[column] - 1)].IndexOf(1.0) + 1;
            context = context[(_levels[column] - 1)..];
        }

        return new SeenLevels([.. levels], Rows: 0);
    }

    private static int Compare(IEnumerable<int> one, IEnumerable<int> other) =>
        one.Zip(other, (a, b) => a.CompareTo(b)).FirstOrDefault(order => order != 0);
}
