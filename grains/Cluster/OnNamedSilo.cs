using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace FlowGrain.Cluster;

/// <summary>Places a grain on the silo that the second part of its key names; nowhere when that silo is gone.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OnNamedSiloAttribute() : PlacementFilterAttribute(new OnNamedSilo());

/// <summary>The strategy of <see cref="OnNamedSiloAttribute"/>.</summary>
[Serializable]
internal sealed class OnNamedSilo() : PlacementFilterStrategy(order: 0);

/// <summary>Reads the key. Filters that Orleans brings know the caller's silo only.</summary>
internal sealed class OnNamedSiloDirector : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy strategy, PlacementTarget target, IEnumerable<SiloAddress> silos)
    {
        var named = SiloOf(target.GrainIdentity.Key.ToString()!);
        return silos.Where(silo => silo.ToParsableString() == named);
    }

    private static string SiloOf(string key) => key.Split('/') is [_, var silo, ..] ? silo : throw new ArgumentException($"'{key}' names no silo in its second part.");
}
