namespace FlowGrain.Training;

/// <summary>What a run tells the instruments.</summary>
/// <param name="run">Its name.</param>
/// <param name="shards">Shards of a round.</param>
/// <param name="clock">Times recoveries.</param>
internal sealed class RunMeter(string run, int shards, TimeProvider clock)
{
    private readonly Dictionary<long, List<double>> _seconds = []; // of the shards of a round, as they are reported: the last of them after it
    private (string Cause, long Since)? _lost;

    /// <summary>A round was made.</summary>
    internal void Committed(long rows, double loss, double norm, double learningRate)
    {
        Telemetry.Rounds.Add(1);
        Telemetry.Rows.Add(rows);
        Telemetry.Loss.Set(loss, run);
        Telemetry.GradientNorm.Set(norm, run);
        Telemetry.LearningRate.Set(learningRate, run);
        if (_lost is not var (cause, since)) return;
        Telemetry.RecoverySeconds.Record(clock.GetElapsedTime(since).TotalSeconds, new KeyValuePair<string, object?>("cause", cause));
        _lost = null;
    }

    /// <summary>Something was lost, and until the next round is made the run recovers from it.</summary>
    /// <param name="cause">What.</param>
    /// <param name="since">When it was noticed, a timestamp of the clock; null for now.</param>
    internal void Lost(string cause, long? since = null) => _lost ??= (cause, since ?? clock.GetTimestamp());

    /// <summary>A lease was computed.</summary>
    internal void Computed(LeaseReport report)
    {
        if (report.Work != ShardWork.Gradient) return;
        if (!_seconds.TryGetValue(report.Round, out var seconds)) _seconds[report.Round] = seconds = Next(report.Round);
        seconds.Add(report.Seconds);
        if (seconds.Count < shards) return;
        seconds.Sort();
        Telemetry.StragglerRatio.Set(seconds[^1] / seconds[seconds.Count / 2], run);
    }

    /// <summary>Begins a round, and forgets those before the last: what was computed twice, or not at all, may leave one open.</summary>
    private List<double> Next(long round)
    {
        foreach (var old in _seconds.Keys.Where(old => old < round - 1 || old > round).ToList()) _seconds.Remove(old);
        return new List<double>(shards);
    }
}
