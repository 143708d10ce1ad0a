using System.Runtime.CompilerServices;

namespace FlowGrain.Client;

/// <summary>Calls for items of a sequence, a few at a time, with answers in the order of the items.</summary>
internal static class Pipeline
{
    /// <summary>Calls for each item.</summary>
    /// <param name="items">Read one ahead of the calls; no further while <paramref name="most"/> are on their way or answers wait to be taken.</param>
    /// <param name="most">Calls on their way or answered and not taken yet, at most.</param>
    /// <param name="call">Makes a call; it ends when its token does.</param>
    /// <param name="cancellation">Ends everything.</param>
    internal static async IAsyncEnumerable<TAnswer> InOrder<TItem, TAnswer>(
        IAsyncEnumerable<TItem> items, int most, Func<TItem, CancellationToken, Task<TAnswer>> call, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var reader = items.GetAsyncEnumerator(over.Token);
        var calls = new Queue<Task<TAnswer>>();
        var next = reader.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                if (calls.TryPeek(out var first) && (calls.Count == most || (!next.IsCompleted && await Task.WhenAny(first, next) == first)))
                {
                    yield return await calls.Dequeue();
                    continue;
                }

                if (!await HasCome(next)) break;
                calls.Enqueue(call(reader.Current, over.Token));
                next = reader.MoveNextAsync().AsTask();
            }

            while (calls.TryDequeue(out var first)) yield return await first;
            await next; // a fault of the items stands behind the answers to those before it
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll([next, .. calls]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // of a fault the caller hears already, of the others nobody asks
        }
    }

    /// <summary>Whether there is an item; not where the sequence has ended or failed.</summary>
    private static async Task<bool> HasCome(Task<bool> next)
    {
        await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return next.IsCompletedSuccessfully && await next;
    }
}
