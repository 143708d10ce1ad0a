using System.Collections.Immutable;

namespace FlowGrain.Serving;

/// <summary>What scored rows come to, added in their order: part by part, so that a job that was interrupted adds up to the same bits.</summary>
internal sealed class ScoringTally
{
    private const int LeastLikelyRows = 10;

    private readonly PriorityQueue<ScoredRow, (double, long)> _leastLikely = new();
    private long _rows;
    private long _finite;
    private double _sum;

    /// <summary>All of it.</summary>
    internal ScoringTotals Totals => new(
        _rows, _finite, _sum, [.. _leastLikely.UnorderedItems.Select(item => item.Element).OrderBy(row => row.LogProb).ThenBy(row => row.Row)]);

    /// <summary>Adds the next row.</summary>
    internal void Add(long row, float score, ReadOnlySpan<double> values)
    {
        _rows++;
        if (float.IsFinite(score)) (_finite, _sum) = (_finite + 1, _sum + score);
        if (!IsAmongLeast(score)) return;
        Keep(new ScoredRow(row, score, [.. values]));
    }

    /// <summary>Adds the rows of the next part.</summary>
    internal void Add(ScoringTotals part)
    {
        (_rows, _finite, _sum) = (_rows + part.Rows, _finite + part.Finite, _sum + part.Sum);
        foreach (var row in part.LeastLikely) Keep(row);
    }

    // A row that cannot be at all is the least likely; one without a score is not among them.
    private bool IsAmongLeast(float score) => score < float.PositiveInfinity && (_leastLikely.Count < LeastLikelyRows || score < _leastLikely.Peek().LogProb);

    private void Keep(ScoredRow row)
    {
        _leastLikely.Enqueue(row, (-row.LogProb, -row.Row)); // the most likely of the ten leaves first
        if (_leastLikely.Count > LeastLikelyRows) _leastLikely.Dequeue();
    }
}

/// <summary>What some rows came to.</summary>
/// <param name="Rows">How many they are.</param>
/// <param name="Finite">How many of them have a finite score.</param>
/// <param name="Sum">Sum of those scores, nats.</param>
/// <param name="LeastLikely">The ten least likely rows, least likely first.</param>
internal sealed record ScoringTotals(long Rows, long Finite, double Sum, ImmutableArray<ScoredRow> LeastLikely);
