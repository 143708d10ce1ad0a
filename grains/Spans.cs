using System.Diagnostics;

namespace FlowGrain;

/// <summary>Every span this system has, and how it begins. Names are public contract, as are those of their tags.</summary>
/// <remarks>A round is a trace of its own: round → shard.compute → shard.submit → reduce.node, and round → apply and checkpoint. What is below a span in another grain is told so by its id.</remarks>
internal static class Spans
{
    internal const string Job = "flowgrain.job";
    internal const string Round = "flowgrain.round";
    internal const string Compute = "flowgrain.shard.compute";
    internal const string Submit = "flowgrain.shard.submit";
    internal const string Reduce = "flowgrain.reduce.node";
    internal const string Apply = "flowgrain.apply";
    internal const string Checkpoint = "flowgrain.checkpoint";
    internal const string Queue = "flowgrain.queue";
    internal const string Batch = "flowgrain.batch.execute";

    internal const string RunTag = "flowgrain.run";
    internal const string RoundTag = "flowgrain.round";
    internal const string VersionTag = "flowgrain.version";
    internal const string SiloTag = "flowgrain.silo";
    internal const string SlotTag = "flowgrain.slot";
    internal const string ShardTag = "flowgrain.shard";
    internal const string LateTag = "flowgrain.late";
    internal const string FormerTag = "flowgrain.former"; // of a link
    internal const string SlowTag = "flowgrain.slow";

    /// <summary>
    /// The span of a whole run: a trace of its own, linked to the request that began it and to the activation that trained it
    /// before, which no call inside the run carries along.
    /// </summary>
    internal static Activity? StartJob(string run, int version, string preset, ActivityContext? request, string? former)
    {
        List<ActivityLink> links = request is { } asked ? [new(asked)] : [];
        if (ActivityContext.TryParse(former, null, isRemote: true, out var before)) links.Add(new(before, new() { [FormerTag] = true }));
        var job = StartRoot(Job, links, default)?.SetTag(RunTag, run).SetTag(VersionTag, version).SetTag("flowgrain.preset", preset);
        Detach();
        return job;
    }

    /// <summary>Leaves whatever trace a call came in: what is done from here on goes on long after its answer.</summary>
    internal static void Detach()
    {
        Activity.Current = null;
        RequestContext.Clear(); // Orleans carries the trace in it
    }

    /// <summary>A span that begins a trace whatever span is current, linked to the one that it is part of, now or from a time before; null when nobody listens.</summary>
    internal static Activity? StartRoot(string name, ActivityContext? whole = null, DateTimeOffset begun = default) => StartRoot(name, whole is { } context ? [new ActivityLink(context)] : [], begun);

    /// <summary>A span below one of another grain; null when that one was not sampled or nobody listens.</summary>
    internal static Activity? StartUnder(string? traceParent, string name) =>
        traceParent is not null && ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent)
            ? Telemetry.Source.StartActivity(name, ActivityKind.Internal, parent)
            : null;

    /// <summary>The span of a batch, linked to the requests in it that are traced; null when none is, or nobody listens.</summary>
    internal static Activity? StartBatch(IEnumerable<ActivityContext> requests)
    {
        if (!Telemetry.Source.HasListeners()) return null;
        ActivityLink[] links = [.. requests.Where(IsTraced).Select(request => new ActivityLink(request))];
        Activity.Current = null; // a batch is of many requests
        return links.Length == 0 ? null : Telemetry.Source.StartActivity(Batch, ActivityKind.Internal, default(ActivityContext), tags: null, links);
    }

    /// <summary>Writes down the time that a request waited for its batch, below the request's own span.</summary>
    internal static void Waited(ActivityContext request, DateTimeOffset came) => (IsTraced(request) ? Telemetry.Source.StartActivity(Queue, ActivityKind.Internal, request, startTime: came) : null)?.Dispose();

    /// <summary>Says what a span is of.</summary>
    internal static Activity Of(this Activity span, string run, long round, string silo) => span.SetTag(RunTag, run).SetTag(RoundTag, round).SetTag(SiloTag, silo);

    private static Activity? StartRoot(string name, IReadOnlyCollection<ActivityLink> links, DateTimeOffset begun)
    {
        Activity.Current = null; // else it would be the parent
        return Telemetry.Source.StartActivity(ActivityKind.Internal, default(ActivityContext), tags: null, links, begun, name);
    }

    private static bool IsTraced(ActivityContext request) => request.TraceFlags.HasFlag(ActivityTraceFlags.Recorded);
}
