using System.Diagnostics;

namespace FlowGrain.Flows.Kernels;

/// <summary>
/// Where a matrix is not zero: row r in columns <c>Begin(r)</c> up to <c>End(r)</c>, neither of which ever decreases from row to
/// row. Triangles and the sorted masks of autoregressive nets are such bands; products skip what lies outside.
/// </summary>
internal sealed class Band
{
    private readonly int[] _begin;
    private readonly int[] _end;

    private Band(int[] begin, int[] end, int columns)
    {
        Debug.Assert(begin.Zip(begin.Skip(1)).All(pair => pair.First <= pair.Second) && end.Zip(end.Skip(1)).All(pair => pair.First <= pair.Second));
        (_begin, _end, Columns) = (begin, end, columns);
    }

    internal int Rows => _begin.Length;

    internal int Columns { get; }

    /// <summary>Everywhere.</summary>
    internal static Band Full(int rows, int columns) => Prefixes([.. Enumerable.Repeat(columns, rows)], columns);

    /// <summary>Row r in its first <c>ends[r]</c> columns.</summary>
    internal static Band Prefixes(int[] ends, int columns) => new(new int[ends.Length], ends, columns);

    /// <summary>On and below the diagonal.</summary>
    internal static Band Lower(int size) => Prefixes([.. Enumerable.Range(1, size)], size);

    /// <summary>On and above the diagonal.</summary>
    internal static Band Upper(int size) => new([.. Enumerable.Range(0, size)], [.. Enumerable.Repeat(size, size)], size);

    /// <summary>First column of a row.</summary>
    internal int Begin(int row) => _begin[row];

    /// <summary>Column after the last of a row.</summary>
    internal int End(int row) => _end[row];

    /// <summary>The band of the transposed matrix.</summary>
    internal Band Transposed() => new(
        [.. Enumerable.Range(0, Columns).Select(column => CountAtMost(_end, column))],
        [.. Enumerable.Range(0, Columns).Select(column => CountAtMost(_begin, column))],
        Rows);

    private static int CountAtMost(int[] sorted, int value)
    {
        var (least, most) = (0, sorted.Length);
        while (least < most)
        {
            var middle = (least + most) / 2;
            if (sorted[middle] <= value) least = middle + 1;
            else most = middle;
        }

        return least;
    }
}
