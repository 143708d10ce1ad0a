using System.Collections.Concurrent;
using System.Diagnostics;
using FlowGrain.Training;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Grains.Training;

public sealed class RoundTracesTests : IDisposable
{
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(10);

    private readonly FakeTimeProvider _clock = new();
    private readonly RoundTraces _traces;
    private readonly List<Activity> _ended = [];
    private readonly ConcurrentQueue<Activity> _below = [];
    private readonly ActivityListener _listener;
    private readonly ActivityContext _job = new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);

    public RoundTracesTests()
    {
        _traces = new RoundTraces("m", version: 1, "silo", _clock) { Job = _job };
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Note,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task One_round_a_second_has_a_span_from_the_start()
    {
        for (var i = 0; i < 250; i++) await Round(Usual);
        Assert.Equal(3, _ended.Count);
        Assert.All(_ended, span => Assert.Null(span.GetTagItem("flowgrain.late")));
    }

    [Fact]
    public async Task A_slow_round_has_a_span_though_none_was_due()
    {
        for (var i = 0; i < 20; i++) await Round(Usual);
        var begun = _clock.GetUtcNow();
        await Round(10 * Usual);
        var slow = Assert.Single(_ended, span => true.Equals(span.GetTagItem("flowgrain.slow")));
        Assert.Equal(begun.UtcDateTime, slow.StartTimeUtc);
        Assert.Equal(true, slow.GetTagItem("flowgrain.late"));
    }

    [Fact]
    public async Task A_round_that_fails_has_a_span_with_the_reason()
    {
        await Round(Usual);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _traces.Trace(7, _ => throw new InvalidOperationException("The disk is full."), () => []));
        var failed = Assert.Single(_ended, span => span.Status == ActivityStatusCode.Error);
        Assert.Equal("The disk is full.", failed.StatusDescription);
    }

    [Fact]
    public async Task A_round_that_fails_untraced_has_what_was_seen_of_it_below()
    {
        await Round(Usual);
        var (begun, started) = (_clock.GetUtcNow().UtcDateTime, _clock.GetTimestamp());
        RoundPart[] parts = [new(Spans.Compute, started, started + (_clock.TimestampFrequency / 100), "m/silo-2/1", Shard: 3), new(Spans.Compute, started, Ended: null, "m/silo-3/0", Shard: 4)];
        await Assert.ThrowsAsync<InvalidOperationException>(() => _traces.Trace(7, _ =>
        {
            _clock.Advance(10 * Usual);
            throw new InvalidOperationException("A range was lost.");
        }, () => parts));
        var failed = Assert.Single(_ended, span => span.Status == ActivityStatusCode.Error);
        Assert.Equal((begun, true, 1), (failed.StartTimeUtc, failed.GetTagItem("flowgrain.late"), failed.GetTagItem("flowgrain.version")));

        var computed = _below.Where(span => span.ParentSpanId == failed.SpanId).OrderBy(span => span.GetTagItem("flowgrain.shard")).ToList();
        Assert.Equal([3, 4], computed.Select(span => span.GetTagItem("flowgrain.shard")));
        Assert.Equal(("silo-2", 1, 7L, Usual), (computed[0].GetTagItem("flowgrain.silo"), computed[0].GetTagItem("flowgrain.slot"), computed[0].GetTagItem("flowgrain.round"), computed[0].Duration));
        Assert.Equal(("silo-3", ActivityStatusCode.Error), (computed[1].GetTagItem("flowgrain.silo"), computed[1].Status));
    }

    [Fact]
    public async Task A_trace_that_is_due_waits_for_the_round_before_the_next_commit_but_no_longer_than_a_second()
    {
        var left = TimeSpan.FromMilliseconds(25);
        var traces = new RoundTraces("m", version: 1, "silo", _clock) { Job = _job, UntilCommit = () => left };
        for (var round = 0; round < 101; round++) await Round(traces, Usual);
        Assert.Single(_ended); // the second is due, and waits
        left = TimeSpan.FromMilliseconds(5);
        await Round(traces, Usual);
        Assert.Equal(2, _ended.Count);
        left = TimeSpan.FromSeconds(2);
        for (var round = 0; round < 100; round++) await Round(traces, Usual);
        Assert.Equal(3, _ended.Count); // it is too far
    }

    [Fact]
    public async Task A_stop_is_no_failure()
    {
        await Round(Usual);
        await Assert.ThrowsAsync<OperationCanceledException>(() => _traces.Trace(7, _ => throw new OperationCanceledException(), () => []));
        Assert.Single(_ended);
    }

    private Task<double> Round(TimeSpan length) => Round(_traces, length);

    private Task<double> Round(RoundTraces traces, TimeSpan length) => traces.Trace(7, _ =>
    {
        _clock.Advance(length);
        return Task.CompletedTask;
    }, () => []);

    /// <summary>Other tests make spans at the same time.</summary>
    private void Note(Activity span)
    {
        if (span.Links.Any(link => link.Context == _job)) _ended.Add(span);
        else if (span.OperationName == Spans.Compute) _below.Enqueue(span);
    }
}
