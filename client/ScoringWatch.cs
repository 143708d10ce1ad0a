using FlowGrain.Serving;

namespace FlowGrain.Client;

/// <summary>Reports the rows of a bulk job while it runs.</summary>
internal sealed class ScoringWatch(IScoringGrain job, IProgress<long>? rowsDone, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500); // faster than eyes need, slower than anyone pays for

    internal async Task<ScoringResult> Until(Task<ScoringResult> scoring)
    {
        while (rowsDone is not null && !scoring.IsCompleted)
        {
            await Task.WhenAny(scoring, Task.Delay(Interval, clock));
            if (!scoring.IsCompleted) rowsDone.Report(await Repeated.Call(job.RowsDone, clock));
        }
        return await scoring;
    }
}
