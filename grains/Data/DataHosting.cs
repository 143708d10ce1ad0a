using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FlowGrain.Data;

/// <summary>Registers what data sets are read with.</summary>
public static class DataHosting
{
    extension(ISiloBuilder silo)
    {
        /// <summary>Adds data sets. Safe to call twice.</summary>
        public ISiloBuilder AddDatasets()
        {
            silo.Services.AddOptions<DataOptions>().BindConfiguration(DataOptions.Section).ValidateOnStart();
            silo.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DataOptions>, DataOptionsRules>());
            silo.Services.TryAddSingleton<DataRoots>();
            silo.Services.TryAddSingleton<NeededData>();
            silo.Services.TryAddSingleton<DatasetQuota>();
            silo.Services.TryAddSingleton<DatasetCatalog>();
            return silo;
        }
    }
}
