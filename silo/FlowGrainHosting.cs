using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Serving;
using FlowGrain.Training;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FlowGrain.Silo;

/// <summary>Every feature of a silo, wherever it runs.</summary>
internal static class FlowGrainHosting
{
    extension(ISiloBuilder silo)
    {
        /// <summary>Adds the features, and refuses settings that none of them has.</summary>
        /// <param name="runsGoOn">Whether runs go on by themselves; see <see cref="TrainingHosting"/>.</param>
        internal ISiloBuilder AddFlowGrain(bool runsGoOn = false)
        {
            silo.Services.AddOptions<DataOptions>().ValidateOnStart();
            silo.Services.TryAddEnumerable(
            [
                UnknownSettings<StorageOptions>.In(StorageOptions.Section),
                UnknownSettings<DataOptions>.In(DataOptions.Section),
                UnknownSettings<DevicesOptions>.In(DevicesOptions.Section),
                UnknownSettings<ServingOptions>.In(ServingOptions.Section),
                UnknownSettings<NotifyOptions>.In(NotifyOptions.Section),
            ]);
            return silo.AddActivityPropagation().AddCluster().AddDatasets().AddTraining(runsGoOn).AddServing();
        }
    }
}
