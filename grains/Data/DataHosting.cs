using Microsoft.Extensions.Configuration;
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
            silo.Services.AddOptions<DataOptions>().BindConfiguration(DataOptions.Section).Configure<IConfiguration>(TakeOneRoot).ValidateOnStart();
            silo.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DataOptions>, DataOptionsRules>());
            silo.Services.TryAddSingleton<DataRoots>();
            silo.Services.TryAddSingleton<NeededData>();
            silo.Services.TryAddSingleton<DatasetQuota>();
            silo.Services.TryAddSingleton<DatasetCatalog>();
            return silo;
        }
    }

    /// <summary>The binder reads lists by their numbers alone, and would leave out a root that has none.</summary>
    private static void TakeOneRoot(DataOptions options, IConfiguration configuration)
    {
        if (options.Roots.Length == 0 && configuration[$"{DataOptions.Section}:{nameof(options.Roots)}"] is { Length: > 0 } root) options.Roots = [root];
    }
}
