using System.Collections.Concurrent;

namespace FlowGrain.Cluster;

/// <summary>The silos that have said that they are about to end: nothing that lasts is placed on them any more. A silo that starts again has another address.</summary>
internal sealed class LeavingSilos
{
    private readonly ConcurrentDictionary<string, bool> _silos = [];

    /// <summary>Notes that a silo is about to end.</summary>
    internal void Add(string silo) => _silos.TryAdd(silo, true);

    /// <summary>Whether it has said so.</summary>
    internal bool Contains(string silo) => _silos.ContainsKey(silo);
}
