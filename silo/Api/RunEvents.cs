using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using FlowGrain.Training;

namespace FlowGrain.Silo.Api;

/// <summary>A run's progress as events: one now, one at every change, and one that says <c>alive</c> after ten seconds without; it ends when the run is at rest.</summary>
internal sealed class RunEvents(IRunGrain run, ApiGrains grains)
{
    internal async IAsyncEnumerable<SseItem<object>> Read([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var progress = await grains.Ask(run.Progress, cancellation);
        yield return new(progress, "progress");
        while (!progress.Phase.IsAtRest())
        {
            var seen = progress.Sequence;
            var next = await grains.Ask(() => run.WaitForProgress(seen, cancellation).WaitAsync(cancellation), cancellation);
            yield return next.Sequence == seen ? new(new { }, "alive") : new(next, "progress");
            progress = next;
        }
    }
}
