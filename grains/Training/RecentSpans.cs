using System.Collections.Immutable;
using System.Diagnostics;

namespace FlowGrain.Training;

/// <summary>The finished spans of the rounds that were traced last, as far as this silo had a part in them: what its API shows without any collector. Memory is bounded.</summary>
/// <remarks>It is the listener that every round has which is due a trace; without exporters too, one round a second is traced.</remarks>
internal sealed class RecentSpans(ILocalSiloDetails local) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private const int Most = 4096; // spans
    private const int Rounds = 4; // of a run that are told: the newest may not be whole yet

    private readonly Lock _gate = new();
    private readonly Queue<(string Run, FinishedSpan Span)> _spans = [];
    private ActivityListener? _listener;

    /// <inheritdoc />
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(RecentSpans), ServiceLifecycleStage.RuntimeInitialize, _ => Listen(), _ => Task.CompletedTask);

    /// <summary>Those of the last rounds of a run.</summary>
    internal ImmutableArray<FinishedSpan> Of(string run)
    {
        lock (_gate)
        {
            var spans = _spans.Where(span => span.Run == run).Select(span => span.Span).ToList();
            var last = spans.Select(span => span.TraceId).Reverse().Distinct().Take(Rounds).ToHashSet();
            return [.. spans.Where(span => last.Contains(span.TraceId))];
        }
    }

    /// <inheritdoc />
    public void Dispose() => _listener?.Dispose();

    private Task Listen()
    {
        var silo = local.SiloAddress.ToParsableString();
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,
            Sample = (ref options) => options.Name == Spans.Round || options.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = span => Keep(span, silo),
        };
        ActivitySource.AddActivityListener(_listener);
        return Task.CompletedTask;
    }

    /// <summary>Keeps what is of a round, but for spans without parts, which were begun after it.</summary>
    private void Keep(Activity span, string silo)
    {
        if (span.GetTagItem(Spans.RunTag) is not string run || span.GetTagItem(Spans.RoundTag) is not long round || !silo.Equals(span.GetTagItem(Spans.SiloTag)) || span.GetTagItem(Spans.LateTag) is not null) return;
        var kept = new FinishedSpan(
            span.TraceId.ToHexString(), round, new DateTimeOffset(span.StartTimeUtc), new RoundSpan(
                span.SpanId.ToHexString(), span.ParentSpanId == default ? null : span.ParentSpanId.ToHexString(), span.OperationName, silo,
                span.GetTagItem(Spans.SlotTag) as int?, span.GetTagItem(Spans.ShardTag) as int?, 0, span.Duration.TotalSeconds)) { Version = span.GetTagItem(Spans.VersionTag) as int? ?? 0 };
        lock (_gate)
        {
            if (_spans.Count == Most) _spans.Dequeue();
            _spans.Enqueue((run, kept));
        }
    }
}
