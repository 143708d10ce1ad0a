using FlowGrain.Api;
using FlowGrain.Silo.Api.Live;

namespace FlowGrain.Silo.Api;

/// <summary>What the cluster consists of, and what it can train.</summary>
internal static class ClusterEndpoints
{
    internal static RouteGroupBuilder MapCluster(this RouteGroupBuilder api)
    {
        api.MapGet("/cluster", (ApiGrains grains, CancellationToken cancellation) => grains.Ask(() => grains.Inventory.Overview(), cancellation)).WithSummary("Silos, slots, and how many runs and models there are");
        api.MapGet("/live", (LiveFeed feed, IHostApplicationLifetime life) => life.Events(feed.Follow())).WithSummary("What is going on, as it happens: cluster, runs, serving (server-sent events)");
        api.MapGet("/presets", async (ApiGrains grains, CancellationToken cancellation) => new PresetList(await grains.Ask(() => grains.Inventory.Presets(), cancellation))).WithSummary("Every preset that a plan can name");
        return api;
    }
}
