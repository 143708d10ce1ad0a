using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace FlowGrain.Training;

/// <summary>The finished spans of the rounds that were traced last, as far as this silo had a part in them: what its API shows without any collector. Memory is bounded.</summary>
/// <remarks>It is the listener that every round has which is due a trace; without exporters too, one round a second is traced.</remarks>
internal sealed class RecentSpans(ILocalSiloDetails local, IConfiguration configuration) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private const string Disabled = "OTEL_SDK_DISABLED"; // as OpenTelemetry has it: then no round is traced
    private const int MostSpans = 2048; // of a run: a round of many shards takes no room from others
    private const int MostRuns = 32;
    private const int Rounds = 4; // of a run that are told: the newest may not be whole yet

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<FinishedSpan>> _runs = [];
    private ActivityListener? _listener;

    /// <inheritdoc />
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(RecentSpans), ServiceLifecycleStage.RuntimeInitialize, _ => Listen(), _ => Task.CompletedTask);

    /// <summary>Those of the last rounds of a run.</summary>
    internal ImmutableArray<FinishedSpan> Of(string run)
    {
        lock (_gate)
        {
            if (!_runs.TryGetValue(run, out var spans)) return [];
            var last = spans.Select(span => span.TraceId).Reverse().Distinct().Take(Rounds).ToHashSet();
            return [.. spans.Where(span => last.Contains(span.TraceId))];
        }
    }

    /// <inheritdoc />
    public void Dispose() => _listener?.Dispose();

    // What a silo that leads a run knows of a round afterwards, no other has.
    private static bool IsHere(Activity span, string silo) => silo.Equals(span.GetTagItem(Spans.SiloTag)) || span.GetTagItem(Spans.LateTag) is not null;

    private Task Listen()
    {
        if (configuration[Disabled] is { } disabled && disabled.Equals("true", StringComparison.OrdinalIgnoreCase)) return Task.CompletedTask;
        var silo = local.SiloAddress.ToParsableString();
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,
            Sample = (ref options) => options.Name is Spans.Round or Spans.Job || options.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = span => Keep(span, silo),
        };
        ActivitySource.AddActivityListener(_listener);
        return Task.CompletedTask;
    }

    /// <summary>Keeps what is of a round.</summary>
    private void Keep(Activity span, string silo)
    {
        if (span.GetTagItem(Spans.RunTag) is not string run || span.GetTagItem(Spans.RoundTag) is not long round || !IsHere(span, silo)) return;
        var kept = new FinishedSpan(
            span.TraceId.ToHexString(), round, new DateTimeOffset(span.StartTimeUtc), new RoundSpan(
                span.SpanId.ToHexString(), span.ParentSpanId == default ? null : span.ParentSpanId.ToHexString(), span.OperationName, span.GetTagItem(Spans.SiloTag) as string ?? silo,
                span.GetTagItem(Spans.SlotTag) as int?, span.GetTagItem(Spans.ShardTag) as int?, 0, span.Duration.TotalSeconds)) { Version = span.GetTagItem(Spans.VersionTag) as int? ?? 0, Failure = span.Status == ActivityStatusCode.Error ? span.StatusDescription : null, IsSlow = span.GetTagItem(Spans.SlowTag) is true };
        lock (_gate)
        {
            var spans = SpansOf(run);
            if (spans.Count == MostSpans) spans.Dequeue();
            spans.Enqueue(kept);
        }
    }

    /// <summary>Those of a run, for which the run gives way that was silent for longest.</summary>
    private Queue<FinishedSpan> SpansOf(string run)
    {
        if (_runs.TryGetValue(run, out var spans)) return spans;
        if (_runs.Count == MostRuns) _runs.Remove(_runs.MinBy(other => other.Value.Last().Begun).Key);
        return _runs[run] = [];
    }
}
