using OpenTelemetry.Trace;

namespace FlowGrain.Silo.Observing;

/// <summary>
/// Which traces begin here. Spans of our own begin one where they want to; so do requests that come in none, a hundred a second; a
/// call between grains never does, since a round has dozens and each would cost it. What comes in a trace follows that trace. Other
/// requests are not noted until <see cref="FailedRequests"/> finds that they failed.
/// </summary>
internal sealed class RootSampler(TimeProvider clock) : Sampler
{
    private const int RequestsPerSecond = 100;
    private const string Request = "Microsoft.AspNetCore.Hosting.HttpRequestIn";

    private long _second;
    private int _count; // of requests in it

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) => new(samplingParameters.Name switch
    {
        Request => IsRoom() ? SamplingDecision.RecordAndSample : SamplingDecision.Drop,
        var name => name.StartsWith("flowgrain.", StringComparison.Ordinal) ? SamplingDecision.RecordAndSample : SamplingDecision.Drop,
    });

    private bool IsRoom()
    {
        var second = clock.GetTimestamp() / clock.TimestampFrequency;
        if (Interlocked.Exchange(ref _second, second) != second) Volatile.Write(ref _count, 0);
        return Interlocked.Increment(ref _count) <= RequestsPerSecond;
    }
}
