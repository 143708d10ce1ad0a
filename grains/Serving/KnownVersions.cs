using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace FlowGrain.Serving;

/// <summary>Which versions of models there are, looked up once a second at most: a request must not wait for a disk.</summary>
internal sealed class KnownVersions(ModelStore store, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (ImmutableArray<int> Versions, long Looked)> _known = [];

    /// <summary>The version meant: the one given, or the newest.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    internal int Resolve(string name, int? version)
    {
        if (_known.TryGetValue(name, out var known) && clock.GetElapsedTime(known.Looked) < Fresh && (version is not { } wanted || known.Versions.Contains(wanted)))
            return version ?? known.Versions[^1];
        Forget(name);
        var resolved = store.Resolve(name, version);
        _known[name] = (store.Versions(name), clock.GetTimestamp());
        return resolved;
    }

    /// <summary>All versions, ascending.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    internal ImmutableArray<int> Of(string name)
    {
        store.Resolve(name, version: null);
        return store.Versions(name);
    }

    /// <summary>Has the next request look again.</summary>
    internal void Forget(string name) => _known.TryRemove(name, out _);
}
