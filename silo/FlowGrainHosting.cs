using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Serving;
using FlowGrain.Training;

namespace FlowGrain.Silo;

/// <summary>Every feature of a silo, wherever it runs.</summary>
internal static class FlowGrainHosting
{
    extension(ISiloBuilder silo)
    {
        /// <summary>Adds the features.</summary>
        internal ISiloBuilder AddFlowGrain() => silo.AddActivityPropagation().AddCluster().AddDatasets().AddTraining().AddServing();
    }
}
