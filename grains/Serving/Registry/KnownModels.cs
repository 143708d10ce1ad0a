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
    private readonly Lock _looking = new(); // one after the other: what is read later counts, and who waits takes what was read meanwhile
    private readonly ModelStore _store;
    private readonly TimeProvider _clock;
    private readonly ILogger<KnownModels> _logger;

    /// <summary>Follows a registry.</summary>
    public KnownModels(ModelStore store, TimeProvider clock, ILogger<KnownModels> logger)
    {
        (_store, _clock, _logger) = (store, clock, logger);
        store.Changed += Look;
    }

    /// <summary>Told when a model has changed, by this silo or by another that said so.</summary>
    internal event Action? Changed;

    /// <summary>A model as it is now, or was less than a second ago.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    internal RegisteredModel Get(string name) =>
        _known.TryGetValue(name, out var known) && (_clock.GetElapsedTime(known.Looked) < Fresh || !known.IsMineToRefresh()) ? known.Model : LookUp(name);

    /// <summary>The version meant; one that was not there a moment ago is looked for.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    internal int Resolve(string name, string? which)
    {
        try
        {
            return Get(name).Version(which);
        }
        catch (NotFoundException) when (_known.ContainsKey(name))
        {
            return LookUp(name).Version(which);
        }
    }

    /// <summary>Hears that a model has changed, and looks at once: no request waits for the disk on account of it, and none for another model's.</summary>
    internal void Look(string name)
    {
        try
        {
            LookUp(name);
        }
        catch (Exception error) when (error is BadInputException or IOException or UnauthorizedAccessException)
        {
            // Whoever asks for the model is told; nothing was known of it that could still answer.
        }

        Changed?.Invoke();
    }

    private RegisteredModel LookUp(string name)
    {
        var asked = _clock.GetTimestamp();
        lock (_looking)
        {
            if (_known.TryGetValue(name, out var known) && known.Looked > asked) return known.Model; // somebody else has looked since
            var looked = _clock.GetTimestamp(); // before the look: it is that old
            try
            {
                var found = _store.Find(name);
                _known[name] = new Known(found, looked);
                return found;
            }
            catch (NotFoundException) when (_store.IsThere)
            {
                _known.TryRemove(name, out _);
                throw;
            }
            catch (Exception error) when (known is not null) // a disk that is away, or a line that is damaged: what was known still answers
            {
                _logger.RegistryNotRead(error, name);
                _known[name] = new Known(known.Model, looked);
                return known.Model;
            }
        }
    }

    private sealed class Known(RegisteredModel model, long looked)
    {
        private int _refreshing;

        internal RegisteredModel Model => model;

        internal long Looked => looked;

        /// <summary>True for the first who asks: the others do with what is known meanwhile.</summary>
        internal bool IsMineToRefresh() => Interlocked.Exchange(ref _refreshing, 1) == 0;
    }
}
