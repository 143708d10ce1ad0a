namespace FlowGrain.Training;

/// <summary>Puts a traced round together from what each silo did of it.</summary>
internal static class RoundAccount
{
    /// <summary>The last round of which the beginning and the end are known; null where there is none.</summary>
    internal static TracedRound? Last(IEnumerable<FinishedSpan> spans)
    {
        var traces = spans.GroupBy(span => span.TraceId).Select(trace => (Root: trace.FirstOrDefault(IsRound), Parts: trace));
        return traces.Where(trace => trace.Root is not null).MaxBy(trace => trace.Root!.Begun) is ({ } root, var parts) ? Of(root, parts) : null;
    }

    private static bool IsRound(FinishedSpan span) => span.Span.Name == Spans.Round;

    private static TracedRound Of(FinishedSpan root, IEnumerable<FinishedSpan> parts)
    {
        var ordered = parts.Select(part => part.Span with { Begun = (part.Begun - root.Begun).TotalSeconds }).OrderBy(part => part.Id != root.Span.Id).ThenBy(part => part.Begun);
        return new TracedRound(root.TraceId, root.Round, root.Begun, root.Span.Seconds, [.. ordered]);
    }
}
