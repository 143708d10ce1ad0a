using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace FlowGrain.Silo.Api;

/// <summary>What is said of a run as events: a <c>line</c> each, <c>alive</c> where there is none for a moment, and <c>end</c> when the run is at rest.</summary>
internal sealed class RunLogEvents(string run, ApiGrains grains)
{
    internal async IAsyncEnumerable<SseItem<object>> Read([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var lines in grains.ReadLog(run, follow: true, cancellation))
        {
            if (lines.IsEmpty) yield return new(new { }, "alive");
            foreach (var line in lines) yield return new(line, "line");
        }

        yield return new(new { }, "end");
    }
}
