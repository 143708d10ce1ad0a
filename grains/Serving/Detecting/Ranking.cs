using System.Runtime.InteropServices;

namespace FlowGrain.Serving;

/// <summary>How well scores rank labelled rows, exactly: it keeps four bytes a row, and sorts them.</summary>
internal sealed class Ranking
{
    private const int MostRows = 1 << 30; // of either label: what an array holds

    private readonly List<float> _normals = [];
    private readonly List<float> _anomalies = [];

    /// <summary>Adds a row; one without a score ranks nowhere and is left out.</summary>
    /// <exception cref="BadInputException">There are too many.</exception>
    internal void Add(float score, bool isAnomaly)
    {
        if (float.IsNaN(score)) return;
        var same = isAnomaly ? _anomalies : _normals;
        if (same.Count == MostRows) throw new BadInputException($"More than {MostRows} rows have the label {(isAnomaly ? 1 : 0)}, and their scores are ranked in memory; rank a part of them.");
        same.Add(score);
    }

    /// <summary>The figures; null where a label has no rows.</summary>
    internal RankingReport? Report()
    {
        if (_anomalies.Count == 0 || _normals.Count == 0) return null;
        _anomalies.Sort();
        _normals.Sort();
        return new RankingReport(_anomalies.Count, _normals.Count, Auroc(), AveragePrecision());
    }

    private double Auroc()
    {
        var (below, notAbove, halves) = (0, 0, 0L); // normals below the anomaly, or tied with it
        foreach (var score in CollectionsMarshal.AsSpan(_anomalies))
        {
            while (below < _normals.Count && _normals[below] < score) below++;
            while (notAbove < _normals.Count && _normals[notAbove] <= score) notAbove++;
            halves += (long)below + notAbove;
        }

        return halves / (2.0 * _anomalies.Count * _normals.Count);
    }

    private double AveragePrecision()
    {
        var (anomaly, normal, sum) = (_anomalies.Count, _normals.Count, 0.0);
        while (anomaly > 0)
        {
            var (threshold, before) = (_anomalies[anomaly - 1], anomaly);
            while (anomaly > 0 && _anomalies[anomaly - 1] >= threshold) anomaly--;
            while (normal > 0 && _normals[normal - 1] >= threshold) normal--;
            long found = _anomalies.Count - anomaly, alarms = found + _normals.Count - normal;
            sum += (before - anomaly) * ((double)found / alarms);
        }

        return sum / _anomalies.Count;
    }
}
