using FlowGrain.Training;

namespace FlowGrain.Tests.Cluster;

/// <summary>The commits of a run as its journal has them, and when each was seen there: what a fault may cost is what two intervals between them hold.</summary>
internal sealed class Commits(IRunJournal journal, string run, TimeProvider clock)
{
    private static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(1); // GroupCommit's
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10); // it waits for twenty times its own writing, which other tests make slow

    private long _seen = clock.GetTimestamp();
    private TimeSpan _interval = LeastInterval;

    /// <summary>The newest committed round.</summary>
    internal long Newest { get; private set; }

    /// <summary>Looks at the journal.</summary>
    internal async Task Look()
    {
        if ((await journal.Snapshots(run, 1)).FirstOrDefault() is not { } newest || newest.Round <= Newest) return;
        var gap = clock.GetElapsedTime(_seen);
        (Newest, _seen) = (newest.Round, clock.GetTimestamp());
        if (gap > _interval) _interval = gap;
    }

    /// <summary>The run works again after a fault: what lies before counts no more.</summary>
    internal void Again() => (_seen, _interval) = (clock.GetTimestamp(), LeastInterval);

    /// <summary>All that is not committed was computed within two intervals.</summary>
    internal void RequireTwoIntervals()
    {
        var age = clock.GetElapsedTime(_seen);
        Assert.True(age <= 2 * _interval + Margin, $"the last commit, of round {Newest}, is {age.TotalSeconds:F1} s old, and those before came every {_interval.TotalSeconds:F1} s");
    }
}
