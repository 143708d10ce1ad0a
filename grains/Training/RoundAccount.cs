namespace FlowGrain.Training;

/// <summary>Puts a traced round together from what each silo did of it.</summary>
internal static class RoundAccount
{
    /// <summary>The last round of which the beginning and the end are known; null where there is none.</summary>
    internal static TracedRound? Last(IReadOnlyCollection<FinishedSpan> spans) => spans.Where(span => span.Span.Name == Spans.Round).MaxBy(round => round.Begun) is { } root
        ? Of(root, spans.Where(span => span.TraceId == root.TraceId))
        : null;

    private static TracedRound Of(FinishedSpan root, IEnumerable<FinishedSpan> parts)
    {
        var ordered = parts.Select(part => part.Span with { Begun = (part.Begun - root.Begun).TotalSeconds }).OrderBy(part => part.Id != root.Span.Id).ThenBy(part => part.Begun);
        return new TracedRound(root.TraceId, root.Round, root.Begun, root.Span.Seconds, [.. ordered]) { Version = root.Version, Failure = root.Failure, IsSlow = root.IsSlow };
    }
}
