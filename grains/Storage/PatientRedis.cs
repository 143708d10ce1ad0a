using StackExchange.Redis;

namespace FlowGrain.Storage;

/// <summary>Questions to a Redis that may be away for a moment: they are asked again until it answers.</summary>
internal static class PatientRedis
{
    /// <summary>Asks until there is an answer.</summary>
    /// <exception cref="ClusterUnreachableException">Nothing answered for two minutes.</exception>
    internal static Task<T> Ask<T>(Func<Task<T>> question, TimeProvider clock) => Repeated.Call(
        async () =>
        {
            try
            {
                return await question();
            }
            catch (Exception error) when (IsAway(error))
            {
                throw new TimeoutException($"Redis does not answer: {error.Message}", error);
            }
        },
        clock);

    // A transaction whose connection breaks is cancelled. A Redis that starts again loads its files first; one whose disk is full, or that is no master for a moment, writes nothing.
    private static readonly string[] Moments = ["LOADING", "MISCONF", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN"];

    private static bool IsAway(Exception error) => error is RedisConnectionException or RedisTimeoutException or OperationCanceledException
        || (error is RedisServerException server && Moments.Any(moment => server.Message.StartsWith(moment, StringComparison.Ordinal)));
}
