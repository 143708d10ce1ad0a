namespace FlowGrain.Training;

/// <summary>What a run tells the instruments.</summary>
/// <param name="run">Its name.</param>
/// <param name="clock">Times recoveries.</param>
internal sealed class RunMeter(string run, TimeProvider clock)
{
    private (string Cause, long Since)? _lost;

    /// <summary>A round was made.</summary>
    internal void Committed(long rows, double loss, double learningRate, double norm, double straggler)
    {
        Telemetry.Rounds.Add(1);
        Telemetry.Rows.Add(rows);
        Telemetry.Loss.Set(loss, run);
        Telemetry.LearningRate.Set(learningRate, run);
        Telemetry.GradientNorm.Set(norm, run);
        Telemetry.StragglerRatio.Set(straggler, run);
        if (_lost is not var (cause, since)) return;
        Telemetry.RecoverySeconds.Record(clock.GetElapsedTime(since).TotalSeconds, Label.Cause(cause));
        _lost = null;
    }

    /// <summary>Something was lost, and until the next round is made the run recovers from it.</summary>
    /// <param name="cause">What.</param>
    /// <param name="since">When it was noticed, a timestamp of the clock; null for now.</param>
    internal void Lost(string cause, long? since = null) => _lost ??= (cause, since ?? clock.GetTimestamp());
}
