namespace FlowGrain.Cluster;

/// <summary>Calls that wait for something to happen: they answer null after a while, and the caller asks again.</summary>
internal static class LongPoll
{
    /// <summary>What a caller waits between two questions: a silo that ends answers at once.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10); // well below Orleans' response timeout of 30 s

    /// <summary>The answer when it comes, or null when it has not come in ten seconds, or the wait is cancelled: an activation ends only after its calls.</summary>
    internal static async Task<T?> Answer<T>(Task<T> answer, TimeProvider clock, CancellationToken cancellation = default) where T : class
    {
        try
        {
            return await answer.WaitAsync(Patience, clock, cancellation);
        }
        catch (Exception error) when (error is TimeoutException || (error is OperationCanceledException && cancellation.IsCancellationRequested))
        {
            return null;
        }
    }
}
