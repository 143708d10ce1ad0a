using System.Text.Json;
using FlowGrain.Training;

namespace FlowGrain.Cli.Training;

/// <summary>
/// Traced rounds as Chrome trace events, which https://ui.perfetto.dev and chrome://tracing open: a process for each silo, in it a
/// thread for each slot; what needs no slot may overlap, and gets tracks by its name. Source: Google, "Trace Event Format".
/// </summary>
internal sealed class TraceEvents
{
    private readonly Dictionary<string, int> _processes = []; // of silos
    private readonly HashSet<(int Process, int Thread)> _threads = [];
    private DateTimeOffset? _first;

    /// <summary>The events of a round, each as JSON; times are microseconds from the beginning of the first one.</summary>
    internal IEnumerable<byte[]> Of(TracedRound round)
    {
        var begun = (round.Begun - (_first ??= round.Begun)).TotalMicroseconds;
        return round.Spans.SelectMany(span => Of(round, span, begun + 1e6 * span.Begun)).Select(json => JsonSerializer.SerializeToUtf8Bytes(json));
    }

    private IEnumerable<object> Of(TracedRound round, RoundSpan span, double ts)
    {
        var (name, cat, dur) = (span.Name["flowgrain.".Length..], "flowgrain", 1e6 * span.Seconds);
        var pid = _processes.TryGetValue(span.Silo, out var known) ? known : _processes.Count + 1;
        if (_processes.TryAdd(span.Silo, pid)) yield return new { name = "process_name", ph = "M", pid, args = new { name = $"silo {span.Silo}" } };
        var args = new { round = round.Round, shard = span.Shard, trace = round.TraceId, span = span.Id, parent = span.Parent };
        if (span.Slot is { } slot)
        {
            var tid = slot + 1; // 0 is no thread
            if (_threads.Add((pid, tid))) yield return new { name = "thread_name", ph = "M", pid, tid, args = new { name = $"slot {slot}" } };
            yield return new { name, cat, ph = "X", ts, dur, pid, tid, args };
        }
        else
        {
            yield return new { name, cat, ph = "b", id = span.Id, ts, pid, tid = 0, args };
            yield return new { name, cat, ph = "e", id = span.Id, ts = ts + dur, pid, tid = 0 };
        }
    }
}
