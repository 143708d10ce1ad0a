namespace FlowGrain.Serving;

/// <summary>Work that several may wait for: it is done once, and ends early when nobody waits for it any more.</summary>
internal sealed class SharedWork<T>
{
    private readonly CancellationTokenSource _unwanted = new();
    private readonly Task<T> _work;
    private int _waiting;

    /// <param name="work">Begins it.</param>
    internal SharedWork(Func<CancellationToken, Task<T>> work) => _work = work(_unwanted.Token);

    /// <summary>Whether nobody can join it any more: it is done, or about to end early.</summary>
    internal bool IsOver => _work.IsCompleted || _unwanted.IsCancellationRequested;

    /// <summary>Done when it has ended, however it did.</summary>
    internal Task End => _work.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>Waits for what it comes to.</summary>
    internal async Task<T> Wait(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            return await _work.WaitAsync(cancellation);
        }
        finally
        {
            if (Interlocked.Decrement(ref _waiting) == 0) await _unwanted.CancelAsync();
        }
    }
}
