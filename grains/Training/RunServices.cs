using System.Collections.Immutable;
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
    ILocalSiloDetails silo,
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

    /// <summary>The slots of this silo.</summary>
    internal ImmutableArray<Slot> LocalSlots => [.. Enumerable.Range(0, slots.Count).Select(index => new Slot(silo.SiloAddress.ToParsableString(), index))];

    internal TimeProvider Clock => clock;

    /// <summary>The newest snapshot of a version that is intact, with its name, to go on from; null when there is none.</summary>
    internal async Task<(Snapshot Snapshot, string Name)?> NewestSnapshot(RunEntry entry, string specHash)
    {
        foreach (var committed in await journal.Snapshots(entry.Run, entry.Version))
        {
            var snapshot = await DedicatedThread.Once("flowgrain-recover", () => snapshots.Open(entry.Run, entry.Version, committed, specHash));
            if (snapshot is not null) return (snapshot, committed.Name);
            logger.SnapshotDamaged(entry.Run, committed.Round);
        }

        return null;
    }

    /// <summary>Where a version was at its newest commit, for questions about progress; null before the first.</summary>
    internal async Task<RunState?> NewestState(RunEntry entry) =>
        (await journal.Snapshots(entry.Run, entry.Version)).Select(committed => snapshots.ReadState(entry.Run, entry.Version, committed)).FirstOrDefault(state => state is not null);
}
