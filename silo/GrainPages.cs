using Orleans.Dashboard;

namespace FlowGrain.Silo;

/// <summary>The dashboard of Orleans at <c>/orleans</c>: grains, their calls and their times, on every silo. Who may look at the API may look at it.</summary>
internal static class GrainPages
{
    /// <summary>The path below which it lies.</summary>
    internal const string Root = "/orleans";

    extension(ISiloBuilder silo)
    {
        /// <summary>Adds what it counts with. Calls are measured only while somebody looks, and a minute longer.</summary>
        internal ISiloBuilder AddGrainPages() => silo.AddDashboard(pages => pages.HideTrace = true); // it would show every line of the log, and the log has what clients must not learn
    }

    extension(WebApplication app)
    {
        /// <summary>Maps its pages; the gate guards them.</summary>
        internal void MapGrainPages() => app.MapOrleansDashboard(routePrefix: Root).ExcludeFromDescription();
    }
}
