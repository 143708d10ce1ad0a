using System.Collections.Immutable;

namespace FlowGrain.Serving;

/// <summary>What judged rows come to.</summary>
/// <param name="most">How many of the most anomalous are kept.</param>
internal sealed class DetectionTally(int most)
{
    private readonly PriorityQueue<DetectedRow, (double, long)> _top = new();

    /// <summary>Rows so far.</summary>
    internal long Rows { get; private set; }

    /// <summary>Those flagged.</summary>
    internal long Flagged { get; private set; }

    /// <summary>Those without a score.</summary>
    internal long Unscored { get; private set; }

    /// <summary>The most anomalous rows, the most anomalous first; of equal ones the first of the file.</summary>
    internal ImmutableArray<DetectedRow> Top => [.. _top.UnorderedItems.Select(item => item.Element).OrderByDescending(row => row.Score).ThenBy(row => row.Row)];

    /// <summary>Adds the next row.</summary>
    internal void Add(Verdict verdict, ReadOnlySpan<double> values)
    {
        var row = Rows++;
        if (verdict.IsFlagged == true) Flagged++;
        if (float.IsNaN(verdict.Score)) Unscored++;
        else if (_top.Count < most || verdict.Score > _top.Peek().Score) Keep(new DetectedRow(row, verdict.Score, verdict.LogDensity, verdict.PValue, [.. values]));
    }

    private void Keep(DetectedRow row)
    {
        _top.Enqueue(row, (row.Score, -row.Row)); // the least anomalous leaves first
        if (_top.Count > most) _top.Dequeue();
    }
}
