using System.Collections.Concurrent;
using FlowGrain.Cluster;

namespace FlowGrain.Serving;

/// <summary>The models in this silo's memory, loaded once each.</summary>
internal sealed class ModelEngines(ModelStore store, DeviceSlots slots)
{
    private const int MostModels = 8; // the ones used before are loaded again when they are asked for

    private readonly ConcurrentDictionary<(string Name, int Version), Lazy<Task<ModelEngine>>> _loaded = [];
    private readonly ConcurrentQueue<(string Name, int Version)> _order = [];

    /// <summary>A version, or the newest when null.</summary>
    /// <exception cref="BadInputException">There is none, or it is damaged.</exception>
    internal async Task<ModelEngine> Get(string name, int? version)
    {
        var key = (name, store.Resolve(name, version));
        try
        {
            return await _loaded.GetOrAdd(key, Load).Value;
        }
        catch
        {
            _loaded.TryRemove(key, out _); // a damaged folder may be restored
            throw;
        }
    }

    /// <summary>Forgets a model that was deleted.</summary>
    internal void Forget(string name)
    {
        foreach (var key in _loaded.Keys.Where(key => key.Name == name)) _loaded.TryRemove(key, out _);
    }

    private Lazy<Task<ModelEngine>> Load((string Name, int Version) key)
    {
        _order.Enqueue(key);
        while (_order.Count > MostModels && _order.TryDequeue(out var oldest)) _loaded.TryRemove(oldest, out _);
        return new Lazy<Task<ModelEngine>>(() => Task.Run(() => new ModelEngine(store.Load(key.Name, key.Version), slots)));
    }
}
