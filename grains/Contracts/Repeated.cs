namespace FlowGrain;

/// <summary>
/// Calls to grains that may be repeated. A timeout or a silo that goes away leaves unknown whether a call was carried out; all
/// of ours do the same twice as once, so they are asked again until they answer.
/// </summary>
public static class Repeated
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly RepeatRule Usual = new();

    /// <summary>Calls until there is an answer, or an error of the call's own.</summary>
    /// <param name="call">Makes the call, anew each time.</param>
    /// <param name="clock">Times the pauses.</param>
    /// <param name="cancellation">Ends the attempts.</param>
    /// <exception cref="ClusterUnreachableException">Nothing answered for two minutes.</exception>
    public static Task<T> Call<T>(Func<Task<T>> call, TimeProvider clock, CancellationToken cancellation = default) => Call(call, clock, Usual, cancellation);

    /// <summary>Calls until there is an answer, an error of the call's own, or the patience of a rule is over.</summary>
    /// <param name="call">Makes the call, anew each time.</param>
    /// <param name="clock">Times the pauses.</param>
    /// <param name="rule">What is repeated, when, and for how long.</param>
    /// <param name="cancellation">Ends the attempts.</param>
    /// <exception cref="ClusterUnreachableException">Nothing answered for as long; the last attempt's error is inside.</exception>
    public static async Task<T> Call<T>(Func<Task<T>> call, TimeProvider clock, RepeatRule rule, CancellationToken cancellation = default)
    {
        var (began, pause) = (clock.GetTimestamp(), FirstPause);
        for (var attempt = 1; ; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            TimeSpan wait;
            try
            {
                return await call();
            }
            catch (Exception error) when (rule.IsTransient(error))
            {
                wait = rule.Wait(pause, error);
                if (attempt >= rule.LeastAttempts && clock.GetElapsedTime(began) + wait > rule.Patience) throw new ClusterUnreachableException(error);
            }

            await Task.Delay(wait, clock, cancellation);
            pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks));
        }
    }

    /// <summary>Calls until it is done, or fails with an error of its own.</summary>
    /// <inheritdoc cref="Call{T}(Func{Task{T}}, TimeProvider, CancellationToken)"/>
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

/// <summary>What is called again, when, and for how long.</summary>
public sealed record RepeatRule
{
    /// <summary>How long. Default two minutes: a cluster that was not heard of for so long is gone.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often at least. Default 8: a machine that slept has seen its clock jump, and asked but once.</summary>
    public int LeastAttempts { get; init; } = 8;

    /// <summary>Whether an error is one that another attempt may not meet. Default <see cref="Repeated.IsTransient"/>.</summary>
    public Func<Exception, bool> IsTransient { get; init; } = Repeated.IsTransient;

    /// <summary>How long to wait before the next attempt, given the pause that grows from 50 ms to a second, and the error. Default that pause.</summary>
    public Func<TimeSpan, Exception, TimeSpan> Wait { get; init; } = (pause, _) => pause;
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
