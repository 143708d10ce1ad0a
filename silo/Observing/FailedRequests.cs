using System.Diagnostics;
using OpenTelemetry;

namespace FlowGrain.Silo.Observing;

/// <summary>Has a request exported that failed, though it was not to be when it came; before whoever exports.</summary>
internal sealed class FailedRequests : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data is { Recorded: false, Kind: ActivityKind.Server, Status: ActivityStatusCode.Error, ParentSpanId: var parent } && parent == default) data.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
    }
}
