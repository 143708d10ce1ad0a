using System.Collections.Concurrent;
using System.Diagnostics;

namespace FlowGrain.Training;

/// <summary>The traces of the runs that this process leads or works for, by their names: for what is logged of them outside of any span.</summary>
internal static class JobTraces
{
    private const int Most = 4096; // then the run is forgotten that began first

    private static readonly ConcurrentDictionary<string, ActivityContext> Known = [];
    private static readonly ConcurrentQueue<string> Begun = [];

    /// <summary>Notes the span of a run, where there is one.</summary>
    internal static void Begin(string run, Activity? job)
    {
        if (job is not null) Begin(run, job.Context);
    }

    /// <summary>Notes it on a silo that the run is not led on.</summary>
    internal static void Begin(string run, string? traceParent)
    {
        if (ActivityContext.TryParse(traceParent, null, isRemote: true, out var job)) Begin(run, job);
    }

    /// <summary>The span in which something is said now: the one that is current, or else that of the run which it is said of; null without either.</summary>
    internal static ActivityContext? Now(string? run) => Activity.Current?.Context ?? (run is not null && Known.TryGetValue(run, out var job) ? job : null);

    private static void Begin(string run, ActivityContext job)
    {
        if (Known.TryAdd(run, job)) Begun.Enqueue(run);
        else Known[run] = job;
        while (Known.Count > Most && Begun.TryDequeue(out var oldest)) Known.TryRemove(oldest, out _);
    }
}
