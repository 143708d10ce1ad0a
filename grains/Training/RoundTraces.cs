using System.Diagnostics;

namespace FlowGrain.Training;

/// <summary>
/// The spans of a run's rounds: from the start for one a second at most, because sixteen traced calls would cost a short round
/// 8%; and afterwards, bare, for every other round that failed or was slow.
/// </summary>
internal sealed class RoundTraces(TimeProvider clock)
{
    private const double Slow = 4; // times the usual length
    private const double Weight = 0.1; // of a round in the usual length
    private const int LeastRounds = 10; // that the usual length is known after

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long? _last;
    private double _usualSeconds;
    private long _rounds;

    /// <summary>The span of the whole run, to which every round is linked.</summary>
    internal ActivityContext? Job { get; set; }

    /// <summary>Makes a round; <paramref name="round"/> takes its span, where it has one from the start. Returns its seconds.</summary>
    internal async Task<double> Trace(Func<Activity?, Task> round)
    {
        var (begun, started) = (clock.GetUtcNow(), clock.GetTimestamp());
        using var span = IsDue(started) ? Telemetry.StartRoot("flowgrain.round", Job) : null;
        try
        {
            await round(span);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            using var late = Late(span, begun);
            (span ?? late)?.SetStatus(ActivityStatusCode.Error, error.Message);
            throw;
        }

        var seconds = clock.GetElapsedTime(started).TotalSeconds;
        if (IsSlow(seconds))
        {
            using var late = Late(span, begun);
            (span ?? late)?.SetTag("flowgrain.slow", true);
        }

        return seconds;
    }

    private Activity? Late(Activity? span, DateTimeOffset begun) => span is null ? Telemetry.StartRoot("flowgrain.round", Job, begun)?.SetTag("flowgrain.late", true) : null;

    private bool IsDue(long now)
    {
        if (_last is { } last && clock.GetElapsedTime(last, now) < Interval) return false;
        _last = now;
        return true;
    }

    private bool IsSlow(double seconds)
    {
        var slow = ++_rounds > LeastRounds && seconds > Slow * _usualSeconds;
        _usualSeconds += (seconds - _usualSeconds) * Math.Max(Weight, 1.0 / _rounds);
        return slow;
    }
}
