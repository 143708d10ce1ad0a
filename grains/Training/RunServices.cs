using FlowGrain.Cluster;
using FlowGrain.Serving;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FlowGrain.Training;

/// <summary>What a run grain works with on its silo.</summary>
internal sealed class RunServices(
    IOptions<StorageOptions> storage,
    IRunJournal journal,
    SnapshotStore snapshots,
    ModelStore models,
    Preparation preparation,
    Baselines baselines,
    TrainingDataSource data,
    DeviceSlots slots,
    TimeProvider clock,
    ILogger<RunServices> logger)
{
    internal StorageOptions Storage => storage.Value;

    internal IRunJournal Journal => journal;

    internal SnapshotStore Snapshots => snapshots;

    internal ModelStore Models => models;

    internal Preparation Preparation => preparation;

    internal Baselines Baselines => baselines;

    internal TrainingDataSource Data => data;

    internal DeviceSlots Slots => slots;

    internal TimeProvider Clock => clock;

    /// <summary>The newest snapshot of a version that is intact, with its name; null when there is none.</summary>
    internal async Task<(Snapshot Snapshot, string Name)?> NewestSnapshot(RunEntry entry)
    {
        foreach (var committed in await journal.Snapshots(entry.Run, entry.Version))
        {
            if (snapshots.Open(entry.Run, entry.Version, committed) is { } snapshot) return (snapshot, committed.Name);
            logger.SnapshotDamaged(entry.Run, committed.Round);
        }

        return null;
    }
}
