using FlowGrain.Flows.Engines;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FlowGrain.Training;

/// <summary>Registers what the grains of a run work with.</summary>
public static class TrainingHosting
{
    extension(ISiloBuilder silo)
    {
        /// <summary>Adds training, with a journal for a silo that is alone. Safe to call twice.</summary>
        public ISiloBuilder AddTraining()
        {
            silo.Services.TryAddSingleton<TrainingDataSource>();
            silo.Services.TryAddSingleton<Preparation>();
            silo.Services.TryAddSingleton<SnapshotStore>();
            silo.Services.TryAddSingleton<IRunJournal, SqliteJournal>();
            silo.Services.TryAddSingleton<SiloRuns>();
            silo.Services.TryAddSingleton<Baselines>();
            silo.Services.TryAddSingleton<RunServices>();
            silo.Services.TryAddSingleton<EngineFactory>(_ => FlowEngines.Create);
            return silo;
        }
    }
}
