using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Serving;

/// <summary>
/// What the registry has, looked up once a second at most: a request must not wait for a disk. What this silo changes itself, or
/// is told of by another, is known at once; what nobody tells it after a second.
/// </summary>
internal sealed class KnownModels
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Known> _known = [];
    private readonly ModelStore _store;
    private readonly TimeProvider _clock;
    private readonly ILogger<KnownModels> _logger;
    private long _changes; // of the registry, that this silo has heard of

    /// <summary>Follows a registry.</summary>
    public KnownModels(ModelStore store, TimeProvider clock, ILogger<KnownModels> logger)
    {
        (_store, _clock, _logger) = (store, clock, logger);
        store.Changed += Look;
    }

    /// <summary>A model as it is now, or was less than a second ago.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    internal RegisteredModel Get(string name)
    {
        if (!_known.TryGetValue(name, out var known) || known.Changes != Volatile.Read(ref _changes)) return LookUp(name);
        return _clock.GetElapsedTime(known.Looked) < Fresh || !known.IsMineToRefresh() ? known.Model : LookUp(name);
    }

    /// <summary>The version meant; one that was not there a moment ago is looked for.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    internal int Resolve(string name, string? which)
    {
        try
        {
            return Get(name).Version(which);
        }
        catch (NotFoundException) when (_known.TryRemove(name, out _))
        {
            return Get(name).Version(which);
        }
    }

    /// <summary>Hears that a model has changed.</summary>
    internal void Look(string name) => Interlocked.Increment(ref _changes); // of whichever: it costs one look at each

    private RegisteredModel LookUp(string name)
    {
        var (looked, changes) = (_clock.GetTimestamp(), Volatile.Read(ref _changes)); // before the look: a change meanwhile is looked for again
        try
        {
            var found = _store.Find(name);
            _known[name] = new Known(found, looked, changes);
            return found;
        }
        catch (NotFoundException) when (_store.IsThere)
        {
            _known.TryRemove(name, out _);
            throw;
        }
        catch (Exception error) when (_known.TryGetValue(name, out var before)) // a disk that is away, or a line that is damaged: what was known still answers
        {
            _logger.RegistryNotRead(error, name);
            _known[name] = new Known(before.Model, looked, changes);
            return before.Model;
        }
    }

    private sealed class Known(RegisteredModel model, long looked, long changes)
    {
        private int _refreshing;

        internal RegisteredModel Model => model;

        internal long Looked => looked;

        internal long Changes => changes;

        /// <summary>True for the first who asks: the others do with what is known meanwhile.</summary>
        internal bool IsMineToRefresh() => Interlocked.Exchange(ref _refreshing, 1) == 0;
    }
}
