using System.Collections.Concurrent;
using System.Collections.Immutable;
using FlowGrain.Training;

namespace FlowGrain.Serving;

/// <summary>What this silo has answered since it started, for each version of a model and each of its functions.</summary>
internal sealed class ModelStatistics
{
    private readonly ConcurrentDictionary<(string Name, int Version), VersionStatistics> _versions = [];

    /// <summary>Of a function of a version, by the name that it is asked by.</summary>
    internal VersionStatistics Of(string name, int version) => _versions.GetOrAdd((name, version), _ => new VersionStatistics());

    /// <summary>Forgets the versions of a model that are none of these, with all of its functions.</summary>
    internal void Keep(string name, ImmutableArray<int> versions)
    {
        foreach (var key in _versions.Keys.Where(key => !versions.Contains(key.Version) && (key.Name == name || IsFunction(key.Name, name)))) _versions.TryRemove(key, out _);
    }

    /// <summary>Of everything that was asked for.</summary>
    internal ImmutableArray<ModelLoad> Loads => [.. _versions.Select(version => version.Value.Load(version.Key.Name, version.Key.Version))];

    private static bool IsFunction(string asked, string name) => RunName.Function(asked) is { } function && asked[..^function.Length] == name;
}

/// <summary>What a version has answered. Safe for many threads.</summary>
internal sealed class VersionStatistics
{
    private readonly long[] _latencies = new long[LatencySteps.Count];
    private long _rows, _batches, _last;
    private int _waiting;

    /// <summary>Requests that were answered, from their header to the last byte of the answer.</summary>
    internal DurationSum Success { get; } = new();

    /// <summary>Requests that failed.</summary>
    internal DurationSum Fail { get; } = new();

    /// <summary>How long requests waited for their batch.</summary>
    internal DurationSum Queue { get; } = new();

    /// <summary>How long the batches of requests took, counted for each request in them.</summary>
    internal DurationSum Compute { get; } = new();

    /// <summary>Rows computed.</summary>
    internal long Rows => Volatile.Read(ref _rows);

    /// <summary>Batches that they were computed in.</summary>
    internal long Batches => Volatile.Read(ref _batches);

    /// <summary>When the last request was answered, milliseconds of Unix time; 0 where none was.</summary>
    internal long Last => Volatile.Read(ref _last);

    /// <summary>A batch was computed.</summary>
    internal void Computed(int requests, int rows, TimeSpan time)
    {
        Interlocked.Add(ref _rows, rows);
        Interlocked.Increment(ref _batches);
        Compute.Add(requests, requests * time);
    }

    /// <summary>A request was answered, or failed.</summary>
    internal void Answered(bool isSuccess, TimeSpan time, DateTimeOffset now)
    {
        (isSuccess ? Success : Fail).Add(1, time);
        if (!isSuccess) return;
        Interlocked.Increment(ref _latencies[LatencySteps.Of(time)]);
        Volatile.Write(ref _last, now.ToUnixTimeMilliseconds());
    }

    /// <summary>Requests began to wait for their batch, or where there are fewer than none, no longer do.</summary>
    internal void Waits(int more) => Interlocked.Add(ref _waiting, more);

    /// <summary>All of it, by the name that it was asked by.</summary>
    internal ModelLoad Load(string model, int version) => new(model, version, [.. _latencies], Fail.Count, Batches, Rows, Volatile.Read(ref _waiting));
}

/// <summary>How often something happened, and how long it took in all.</summary>
internal sealed class DurationSum
{
    private long _count, _ticks;

    /// <summary>How often.</summary>
    internal long Count => Volatile.Read(ref _count);

    /// <summary>How long in all.</summary>
    internal TimeSpan Time => TimeSpan.FromTicks(Volatile.Read(ref _ticks));

    /// <summary>Adds some.</summary>
    internal void Add(long count, TimeSpan time)
    {
        Interlocked.Add(ref _count, count);
        Interlocked.Add(ref _ticks, time.Ticks);
    }
}
