using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Placement;

namespace FlowGrain.Cluster;

/// <summary>Registers the devices, the storage and the inventory of a silo.</summary>
public static class ClusterHosting
{
    extension(ISiloBuilder silo)
    {
        /// <summary>Adds what every feature stands on. Safe to call twice.</summary>
        public ISiloBuilder AddCluster()
        {
            silo.Services.AddOptions<DevicesOptions>().BindConfiguration(DevicesOptions.Section).ValidateOnStart();
            silo.Services.AddOptions<StorageOptions>().BindConfiguration(StorageOptions.Section).ValidateOnStart();
            silo.Services.TryAddSingleton(TimeProvider.System);
            silo.Services.TryAddSingleton<DeviceSlots>();
            silo.Services.TryAddSingleton<LeavingSilos>();
            silo.Services.AddPlacementFilter<OnNamedSilo, OnNamedSiloDirector>(ServiceLifetime.Singleton);
            silo.Services.AddPlacementFilter<OnStayingSilo, OnStayingSiloDirector>(ServiceLifetime.Singleton);
            silo.Services.TryAddEnumerable(
            [
                ServiceDescriptor.Singleton<IValidateOptions<DevicesOptions>, DevicesOptionsRules>(),
                ServiceDescriptor.Singleton<IValidateOptions<StorageOptions>, StorageOptionsRanges>(),
                ServiceDescriptor.Singleton<IValidateOptions<StorageOptions>, StorageOptionsRules>(),
            ]);
            return silo;
        }
    }
}
