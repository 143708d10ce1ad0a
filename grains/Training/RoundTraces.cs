using System.Diagnostics;

namespace FlowGrain.Training;

/// <summary>
/// The spans of a run's rounds: from the start for one a second at most, because sixteen traced calls would cost a short round
/// 8%; and afterwards, with what the silo that leads it saw, for every other round that failed or was slow.
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

    /// <summary>How long until the next commit is due. A trace that is due waits up to a second for the round before it: then the trace has the checkpoint too.</summary>
    internal Func<TimeSpan> UntilCommit { get; init; } = () => TimeSpan.MaxValue;

    /// <summary>Makes a round. Returns its seconds.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="round">Makes it; takes its span, where it has one from the start.</param>
    /// <param name="parts">What is known of it afterwards.</param>
    internal async Task<double> Trace(long number, Func<Activity?, Task> round, Func<IEnumerable<RoundPart>> parts)
    {
        var (begun, started) = (clock.GetUtcNow(), clock.GetTimestamp());
        using var span = IsDue(started) ? Start(number) : null;
        try
        {
            await round(span);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            using var late = Late();
            (span ?? late)?.SetStatus(ActivityStatusCode.Error, error.Message);
            throw;
        }

        var seconds = clock.GetElapsedTime(started).TotalSeconds;
        Telemetry.RoundSeconds.Record(seconds); // while the span is current, so that it is named as an example
        if (IsSlow(seconds))
        {
            using var late = Late();
            (span ?? late)?.SetTag(Spans.SlowTag, true);
        }

        return seconds;

        Activity? Late() => span is null && Start(number, begun) is { } late ? Told(late.SetTag(Spans.LateTag, true), number, time => begun + clock.GetElapsedTime(started, time), parts()) : null;
    }

    /// <summary>With what is known of the round below it.</summary>
    private Activity Told(Activity round, long number, Func<long, DateTimeOffset> timeOf, IEnumerable<RoundPart> parts)
    {
        foreach (var part in parts)
        {
            using var span = Telemetry.Source.StartActivity(part.Name, ActivityKind.Internal, round.Context, startTime: timeOf(part.Begun));
            if (span is null) continue;
            var worker = part.Worker is null ? default(WorkerKey?) : WorkerKey.Parse(part.Worker);
            span.Of(run, number, worker?.Silo ?? silo).SetTag(Spans.SlotTag, worker?.Slot).SetTag(Spans.ShardTag, part.Shard).SetTag(Spans.LateTag, true);
            if (part.Ended is { } ended) span.SetEndTime(timeOf(ended).UtcDateTime);
            else span.SetStatus(ActivityStatusCode.Error, "It was not done when the round ended.");
        }

        return round;
    }

    private Activity? Start(long number, DateTimeOffset begun = default) => Spans.StartRoot(Spans.Round, Job, begun)?.Of(run, number, silo).SetTag(Spans.VersionTag, version);

    private bool IsDue(long now)
    {
        if (_last is { } last && (clock.GetElapsedTime(last, now) < Interval || Waits())) return false;
        _last = now;
        return true;
    }

    private bool Waits() => UntilCommit() is var left && left <= Interval && left.TotalSeconds > _usualSeconds;

    private bool IsSlow(double seconds)
    {
        var slow = ++_rounds > LeastRounds && seconds > Slow * _usualSeconds;
        _usualSeconds += (seconds - _usualSeconds) * Math.Max(Weight, 1.0 / _rounds);
        return slow;
    }
}
