using FlowGrain.Data;
using FlowGrain.Flows.Engines;
using FlowGrain.Training.Chronicles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FlowGrain.Training;

/// <summary>Registers what the grains of a run work with.</summary>
public static class TrainingHosting
{
    extension(ISiloBuilder silo)
    {
        /// <summary>Adds training, with a journal for a silo that is alone. Safe to call twice.</summary>
        /// <param name="runsGoOn">Whether runs that were training when their silo ended go on by themselves; else the command that started them is needed.</param>
        public ISiloBuilder AddTraining(bool runsGoOn = false)
        {
            silo.Services.AddOptions<NotifyOptions>().BindConfiguration(NotifyOptions.Section).ValidateOnStart();
            silo.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<NotifyOptions>, NotifyRules>());
            silo.Services.TryAddSingleton<RunNotices>();
            silo.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RunNotices>(services => services.GetRequiredService<RunNotices>()));
            silo.Services.TryAddSingleton(new GoingOn(runsGoOn));
            silo.Services.TryAddSingleton<IRunHolds, HomeHolds>();
            if (runsGoOn) silo.Services.AddHostedService<RunRevival>().AddHostedService<Departure>(); // the last one stops first
            silo.Services.TryAddSingleton<Residents>();
            silo.Services.TryAddSingleton<TrainingDataSource>();
            silo.Services.TryAddSingleton<Preparation>();
            silo.Services.TryAddSingleton<SnapshotStore>();
            silo.Services.TryAddSingleton<Beginnings>();
            silo.Services.TryAddSingleton<ChronicleFile>();
            silo.Services.TryAddSingleton<CheckpointQuota>();
            silo.Services.TryAddSingleton<IRunJournal, SqliteJournal>();
            silo.Services.TryAddSingleton<JournalRisk>();
            silo.Services.TryAddSingleton<NeededData>();
            silo.Services.TryAddSingleton<SiloRuns>();
            silo.Services.TryAddSingleton<RecentSpans>();
            silo.Services.TryAddEnumerable(ServiceDescriptor.Singleton<ILifecycleParticipant<ISiloLifecycle>, RecentSpans>(services => services.GetRequiredService<RecentSpans>()));
            silo.Services.TryAddSingleton<RecordedData>();
            silo.Services.TryAddSingleton<Baselines>();
            silo.Services.TryAddSingleton<RunServices>();
            silo.Services.TryAddSingleton<EngineFactory>(_ => FlowEngines.Create);
            return silo.AddRunLog();
        }
    }
}
