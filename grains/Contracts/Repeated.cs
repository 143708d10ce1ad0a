namespace FlowGrain;

/// <summary>
/// Calls to grains that may be repeated. A timeout or a silo that goes away leaves unknown whether a call was carried out; all
/// of ours do the same twice as once, so they are asked again until they answer.
/// </summary>
public static class Repeated
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2); // a cluster that was not heard of for so long is gone
    private const int LeastAttempts = 8; // a machine that slept has seen its clock jump, and asked but once

    /// <summary>Calls until there is an answer, or an error of the call's own.</summary>
    /// <param name="call">Makes the call, anew each time.</param>
    /// <param name="clock">Times the pauses.</param>
    /// <param name="cancellation">Ends the attempts.</param>
    /// <exception cref="ClusterUnreachableException">Nothing answered for two minutes.</exception>
    public static async Task<T> Call<T>(Func<Task<T>> call, TimeProvider clock, CancellationToken cancellation = default)
    {
        var (began, pause) = (clock.GetTimestamp(), FirstPause);
        for (var attempt = 1; ; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return await call();
            }
            catch (Exception error) when (IsTransient(error))
            {
                if (attempt >= LeastAttempts && clock.GetElapsedTime(began) > Patience) throw new ClusterUnreachableException(error);
            }

            await Task.Delay(pause, clock, cancellation);
            pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks));
        }
    }

    /// <summary>Calls until it is done, or fails with an error of its own.</summary>
    /// <inheritdoc cref="Call{T}"/>
    public static Task Call(Func<Task> call, TimeProvider clock, CancellationToken cancellation = default) => Call(
        async () =>
        {
            await call();
            return true;
        },
        clock,
        cancellation);

    /// <summary>Whether an error says only that nobody answered.</summary>
    /// <remarks>A call that waited too long for a place while silos went away is cancelled by Orleans, in these words alone.</remarks>
    public static bool IsTransient(Exception error) => error is TimeoutException or OrleansException
        || (error is OperationCanceledException && error.Message.StartsWith("Message expired", StringComparison.Ordinal));
}

/// <summary>No silo answered.</summary>
/// <param name="sentence">Who did not, and where to look.</param>
/// <param name="last">What the last attempt came to.</param>
public sealed class ClusterUnreachableException(string sentence, Exception last) : Exception(sentence, last)
{
    /// <summary>None of the silos that this one knows answered for as long as it asked.</summary>
    /// <param name="last">What the last attempt came to.</param>
    public ClusterUnreachableException(Exception last)
        : this("The cluster has not answered for two minutes; look whether its silos run, with their /livez.", last)
    {
    }
}
