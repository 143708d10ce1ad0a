using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace FlowGrain.Cluster;

/// <summary>Places a grain on a silo that is not about to end, as long as there is one.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OnStayingSiloAttribute() : PlacementFilterAttribute(new OnStayingSilo());

/// <summary>The strategy of <see cref="OnStayingSiloAttribute"/>.</summary>
[Serializable]
internal sealed class OnStayingSilo() : PlacementFilterStrategy(order: 1);

/// <summary>Asks what the silos have said; see <see cref="LeavingSilos"/>.</summary>
internal sealed class OnStayingSiloDirector(LeavingSilos leaving) : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy strategy, PlacementTarget target, IEnumerable<SiloAddress> silos)
    {
        var all = silos.ToList();
        var staying = all.Where(silo => !leaving.Contains(silo.ToParsableString())).ToList();
        return staying.Count > 0 ? staying : all;
    }
}
