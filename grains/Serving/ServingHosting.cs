using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FlowGrain.Serving;

/// <summary>Registers what models are served with.</summary>
public static class ServingHosting
{
    extension(ISiloBuilder silo)
    {
        /// <summary>Adds the registry, the replicas and bulk scoring. Safe to call twice.</summary>
        public ISiloBuilder AddServing()
        {
            silo.Services.TryAddSingleton<ModelStore>();
            silo.Services.TryAddSingleton<ModelEngines>();
            silo.Services.TryAddSingleton<ScoringSilos>();
            return silo;
        }
    }
}
