using FlowGrain.Cluster;

namespace FlowGrain.Training;

/// <summary>The work that waits to be leased. Lives in the turns of the run grain.</summary>
internal sealed class LeaseBoard(TimeProvider clock)
{
    private readonly Queue<ShardLease> _waiting = [];
    private TaskCompletionSource<object> _posted = NewSignal();
    private bool _closed;

    /// <summary>Offers work.</summary>
    internal void Post(IEnumerable<ShardLease> leases)
    {
        foreach (var lease in leases) _waiting.Enqueue(lease);
        _posted.TrySetResult(this);
    }

    /// <summary>Takes work, or null when none came for a while or none will come any more.</summary>
    internal async Task<ShardLease?> Take(CancellationToken cancellation)
    {
        while (true)
        {
            if (_waiting.TryDequeue(out var lease)) return lease;
            if (_closed) return null;
            if (_posted.Task.IsCompleted) _posted = NewSignal();
            if (await LongPoll.Answer(_posted.Task, clock, cancellation) is null) return null;
        }
    }

    /// <summary>Sends everyone who waits away.</summary>
    internal void Close()
    {
        _closed = true;
        _waiting.Clear();
        _posted.TrySetResult(this);
    }

    private static TaskCompletionSource<object> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
