using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Client.Models;

/// <summary>A clock that jumps over the pauses between attempts, and knows them: a pause is a timer of Task.Delay, but for the one after which the client says that it waits; a limit is any other.</summary>
internal sealed class PauseClock : FakeTimeProvider
{
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(5);

    private readonly ConcurrentQueue<TimeSpan> _begun = [];
    private readonly SemaphoreSlim _some = new(0);

    /// <summary>The pauses that were jumped over.</summary>
    internal List<TimeSpan> Pauses { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && dueTime != Noticed && state is Task && state.GetType().Name.StartsWith("Delay", StringComparison.Ordinal))
        {
            _begun.Enqueue(dueTime);
            _some.Release();
        }

        return timer;
    }

    /// <summary>Jumps over every pause until something is done.</summary>
    internal async Task<T> Until<T>(Task<T> done)
    {
        while (await Task.WhenAny(done, _some.WaitAsync(TestContext.Current.CancellationToken)) != done && _begun.TryDequeue(out var pause))
        {
            Pauses.Add(pause);
            Advance(pause);
        }

        return await done;
    }
}
