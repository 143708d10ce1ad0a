using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FlowGrain.Serving;

/// <summary>Registers what models are served with.</summary>
public static class ServingHosting
{
    extension(ISiloBuilder silo)
    {
        /// <summary>Adds the registry, the replicas and bulk scoring. Safe to call twice.</summary>
        public ISiloBuilder AddServing()
        {
            silo.Services.AddOptions<ServingOptions>().BindConfiguration(ServingOptions.Section).ValidateOnStart();
            silo.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ServingOptions>, ServingOptionsRules>());
            silo.Services.TryAddSingleton<ModelStore>();
            silo.Services.TryAddSingleton<FolderChecks>();
            silo.Services.TryAddSingleton<KnownModels>();
            silo.Services.TryAddSingleton<ModelStatistics>();
            silo.Services.TryAddSingleton<ModelEngines>();
            silo.Services.TryAddSingleton<ModelHosts>();
            silo.Services.TryAddSingleton<ModelImport>();
            silo.Services.TryAddSingleton<ScoringSilos>();
            return silo;
        }
    }
}
