using System.Diagnostics;

namespace FlowGrain.Training;

/// <summary>
/// The spans of a run's rounds: from the start for one a second at most, because sixteen traced calls would cost a short round
/// 8%; and afterwards, bare, for every other round that failed or was slow.
/// </summary>
/// <param name="run">The run's name.</param>
/// <param name="version">The version it makes.</param>
/// <param name="silo">The silo that leads it.</param>
/// <param name="clock">Times rounds.</param>
internal sealed class RoundTraces(string run, int version, string silo, TimeProvider clock)
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

    /// <summary>Makes a round. Returns its seconds.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="round">Makes it; takes its span, where it has one from the start.</param>
    internal async Task<double> Trace(long number, Func<Activity?, Task> round)
    {
        var (begun, started) = (clock.GetUtcNow(), clock.GetTimestamp());
        using var span = IsDue(started) ? Start(number) : null;
        try
        {
            await round(span);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            using var late = Late(span, number, begun);
            (span ?? late)?.SetStatus(ActivityStatusCode.Error, error.Message);
            throw;
        }

        var seconds = clock.GetElapsedTime(started).TotalSeconds;
        Telemetry.RoundSeconds.Record(seconds); // while the span is current, so that it is named as an example
        if (IsSlow(seconds))
        {
            using var late = Late(span, number, begun);
            (span ?? late)?.SetTag("flowgrain.slow", true);
        }

        return seconds;
    }

    private Activity? Late(Activity? span, long number, DateTimeOffset begun) => span is null ? Start(number, begun)?.SetTag(Spans.LateTag, true) : null;

    private Activity? Start(long number, DateTimeOffset begun = default) => Spans.StartRoot(Spans.Round, Job, begun)?.Of(run, number, silo).SetTag(Spans.VersionTag, version);

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
