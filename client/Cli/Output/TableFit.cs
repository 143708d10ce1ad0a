using System.Collections.Immutable;

namespace FlowGrain.Cli.Output;

/// <summary>Which columns of a table a screen has room for, and how wide each is.</summary>
/// <param name="Shown">Their positions in the table.</param>
/// <param name="Widths">The width of every column of the table, shown or not.</param>
internal sealed record TableFit(ImmutableArray<int> Shown, ImmutableArray<int> Widths)
{
    private const int Edge = 1, Around = 3; // characters beside the text of a column: the border's, and its share of the space between

    /// <summary>Characters of a line.</summary>
    internal int Total => TotalOf(Shown, Widths);

    /// <summary>Lets columns leave in their turn until the rest has room when it is cut, and cuts no more than it must.</summary>
    /// <param name="leaves">The turn of each column; 0 stays.</param>
    /// <param name="natural">The width that each would have.</param>
    /// <param name="least">The width to which each may be cut.</param>
    /// <param name="room">Characters of a line.</param>
    internal static TableFit Of(IReadOnlyList<int> leaves, IReadOnlyList<int> natural, IReadOnlyList<int> least, int room)
    {
        var shown = Enumerable.Range(0, leaves.Count).ToList();
        while (TotalOf(shown, least) > room && shown.Where(column => leaves[column] > 0).ToList() is { Count: > 0 } leaving)
            shown.Remove(leaving.MinBy(column => leaves[column]));
        var widths = natural.ToArray();
        while (TotalOf(shown, widths) > room && shown.Where(column => widths[column] > least[column]).ToList() is { Count: > 0 } cuttable)
            widths[cuttable.MaxBy(column => widths[column])]--;
        return new([.. shown], [.. widths]);
    }

    private static int TotalOf(IEnumerable<int> shown, IReadOnlyList<int> widths) => Edge + shown.Sum(column => widths[column] + Around);
}
