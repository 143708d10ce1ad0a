using FlowGrain.Bench.Observing;
using Google.Protobuf;

namespace FlowGrain.Tests.Silo.Observing;

/// <summary>Traces as a collector got them.</summary>
internal static class ReceivedTraces
{
    extension(Span span)
    {
        internal string Trace => Convert.ToHexStringLower(span.TraceId.Span);

        internal string? Tag(string key) => span.Attributes.Of(key);
    }

    extension(IEnumerable<KeyValue> attributes)
    {
        /// <summary>The value of one as text; null without.</summary>
        internal string? Of(string key) => attributes.FirstOrDefault(attribute => attribute.Key == key)?.Value is { } value
            ? value.ValueCase == AnyValue.ValueOneofCase.IntValue ? $"{value.IntValue}" : value.StringValue
            : null;
    }

    extension(OtlpReceiver receiver)
    {
        /// <summary>The spans of the traces of a run's rounds that were traced from the start, those that have ended, by trace.</summary>
        internal List<List<Span>> Rounds(string run)
        {
            var spans = receiver.Spans.Select(sent => sent.Span).ToList();
            var roots = spans.Where(span => span.Name == Spans.Round && span.Tag(Spans.RunTag) == run && span.Tag(Spans.LateTag) is null).Select(root => root.TraceId).ToHashSet();
            return [.. spans.Where(span => roots.Contains(span.TraceId)).GroupBy(span => span.TraceId).Select(trace => trace.ToList())];
        }
    }

    /// <summary>Whether a trace is one tree: a round, every shard computed below it, each sum that was submitted below a shard and reduced, and the step; nothing of it hangs elsewhere.</summary>
    internal static bool IsWholeRound(this List<Span> trace, int shards)
    {
        var (names, ids) = (trace.ToLookup(span => span.Name), trace.ToDictionary(span => span.SpanId));
        var (root, computed, submitted, reduced, applied) = (names[Spans.Round].Single(), names[Spans.Compute], names[Spans.Submit], names[Spans.Reduce], names[Spans.Apply]);
        return trace.Count(span => span.ParentSpanId.IsEmpty) == 1 && root.ParentSpanId.IsEmpty && trace.All(span => span == root || ids.ContainsKey(span.ParentSpanId))
            && computed.Select(compute => compute.Tag(Spans.ShardTag)).Distinct().Count() == shards && computed.All(compute => compute.ParentSpanId == root.SpanId && compute.Tag(Spans.SlotTag) is not null)
            && submitted.Any() && submitted.All(submit => IsBelow(ids[submit.ParentSpanId], Spans.Compute, root)) && Ids(submitted).SetEquals(reduced.Select(reduce => reduce.ParentSpanId))
            && applied.Any() && applied.Concat(names[Spans.Checkpoint]).All(span => span.ParentSpanId == root.SpanId && span.Tag(Spans.RoundTag) == root.Tag(Spans.RoundTag));
    }

    private static bool IsBelow(Span parent, string name, Span root) => parent.Name == name || parent == root; // what a late worker left is handed in for the round

    private static HashSet<ByteString> Ids(IEnumerable<Span> spans) => [.. spans.Select(span => span.SpanId)];
}
