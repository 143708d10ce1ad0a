using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace FlowGrain.Serving;

/// <summary>
/// Which versions of models there are, looked up once a second at most: a request must not wait for a disk. What this silo
/// publishes or deletes itself is known at once, what another one does after a second.
/// </summary>
internal sealed class KnownVersions
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (ImmutableArray<int> Versions, long Looked)> _known = [];
    private readonly ModelStore _store;
    private readonly TimeProvider _clock;
    private long _changes; // of the registry, by this process

    /// <summary>Follows a registry.</summary>
    public KnownVersions(ModelStore store, TimeProvider clock)
    {
        (_store, _clock) = (store, clock);
        store.Changed += name =>
        {
            Interlocked.Increment(ref _changes);
            Forget(name);
        };
    }

    /// <summary>The version meant: the one given, or the newest.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    internal int Resolve(string name, int? version)
    {
        if (_known.TryGetValue(name, out var known) && _clock.GetElapsedTime(known.Looked) < Fresh && (version is not { } wanted || known.Versions.Contains(wanted)))
            return version ?? known.Versions[^1];
        Forget(name);
        var (looked, changes) = (_clock.GetTimestamp(), Volatile.Read(ref _changes));
        var resolved = _store.Resolve(name, version);
        if (_store.Versions(name) is { IsEmpty: false } versions) _known[name] = (versions, looked);
        if (Volatile.Read(ref _changes) != changes) Forget(name); // while it was looked up
        return resolved;
    }

    /// <summary>All versions, ascending.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    internal ImmutableArray<int> Of(string name)
    {
        _store.Resolve(name, version: null);
        return _store.Versions(name);
    }

    private void Forget(string name) => _known.TryRemove(name, out _);
}
