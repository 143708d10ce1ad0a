namespace FlowGrain.Training;

/// <summary>Says which rounds are traced: one a second at most, because sixteen traced calls would cost a short round 8%.</summary>
internal sealed class RoundSampler(TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long? _last;

    internal bool IsDue()
    {
        if (_last is { } last && clock.GetElapsedTime(last) < Interval) return false;
        _last = clock.GetTimestamp();
        return true;
    }
}
