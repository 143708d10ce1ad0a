using FlowGrain.Data;

namespace FlowGrain.Client;

/// <summary>Reports how far a job is with its file while it runs.</summary>
/// <param name="ask">Asks the one who knows; null while nothing is read.</param>
/// <param name="progress">Who wants to know; null when nobody does.</param>
/// <param name="clock">Times the questions.</param>
internal sealed class ReadingWatch(Func<Task<ReadingProgress?>> ask, IProgress<ReadingProgress>? progress, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500); // faster than eyes need, slower than anyone pays for

    internal async Task<T> Until<T>(Task<T> job)
    {
        while (progress is not null && !job.IsCompleted)
        {
            await Task.WhenAny(job, Task.Delay(Interval, clock));
            if (!job.IsCompleted && await Repeated.Call(ask, clock) is { } reading) progress.Report(reading);
        }
        return await job;
    }
}
