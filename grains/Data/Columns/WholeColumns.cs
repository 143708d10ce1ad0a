namespace FlowGrain.Data;

/// <summary>Finds the columns in which every number is whole.</summary>
internal sealed class WholeColumns(int width)
{
    private readonly List<int> _whole = [.. Enumerable.Range(0, width)];

    /// <summary>Whether every number of the column was whole so far.</summary>
    internal bool this[int column] => _whole.Contains(column);

    /// <summary>Looks at rows, row-major.</summary>
    internal void Add(ReadOnlySpan<double> rows)
    {
        for (var i = _whole.Count - 1; i >= 0; i--)
            if (!IsWhole(rows, _whole[i])) _whole.RemoveAt(i);
    }

    private bool IsWhole(ReadOnlySpan<double> rows, int column)
    {
        for (var i = column; i < rows.Length; i += width)
            if (rows[i] != Math.Floor(rows[i]) && !double.IsNaN(rows[i])) return false; // what is missing says nothing
        return true;
    }
}
