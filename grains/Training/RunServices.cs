using System.Collections.Immutable;
using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Serving;
using FlowGrain.Storage;
using FlowGrain.Training.Chronicles;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FlowGrain.Training;

/// <summary>What a run grain works with on its silo.</summary>
internal sealed class RunServices(
    IOptions<StorageOptions> storage,
    IRunJournal journal,
    JournalRisk risk,
    IRunHolds holds,
    GoingOn goingOn,
    SnapshotStore snapshots,
    Beginnings beginnings,
    ChronicleFile chronicles,
    CheckpointQuota checkpoints,
    ModelStore models,
    Preparation preparation,
    Baselines baselines,
    TrainingDataSource data,
    NeededData needed,
    RunNotices notices,
    ILocalSiloDetails local,
    IClusterMembershipService membership,
    LeavingSilos leaving,
    TimeProvider clock,
    ILogger<RunServices> logger)
{
    internal StorageOptions Storage => storage.Value;

    internal IRunJournal Journal => journal;

    /// <summary>What the journal could lose, as a sentence; null where it is as durable as a disk.</summary>
    internal string? Risk => risk.Sentence;

    internal IRunHolds Holds => holds;

    /// <summary>Whether a run that the journal has as training goes on by itself.</summary>
    internal bool GoesOn => goingOn.ByItself;

    internal SnapshotStore Snapshots => snapshots;

    /// <summary>The weights that runs begin with.</summary>
    internal Beginnings Beginnings => beginnings;

    /// <summary>How runs went.</summary>
    internal ChronicleFile Chronicles => chronicles;

    internal CheckpointQuota Checkpoints => checkpoints;

    internal ModelStore Models => models;

    internal Preparation Preparation => preparation;

    internal Baselines Baselines => baselines;

    internal TrainingDataSource Data => data;

    /// <summary>Keeps data sets that runs need.</summary>
    internal NeededData Needed => needed;

    internal TimeProvider Clock => clock;

    /// <summary>Counts a run that has come to rest, and tells who wants to know.</summary>
    internal void Ended(RunProgress end)
    {
        Telemetry.RunsEnded.Add(1, Label.Phase(end.Phase));
        notices.Tell(end);
    }

    /// <summary>The silo's address.</summary>
    internal string Silo { get; } = local.SiloAddress.ToParsableString();

    /// <summary>Whether a silo was lost, without having left.</summary>
    internal bool IsLost(string silo) => membership.CurrentSnapshot.GetSiloStatus(SiloAddress.FromParsableString(silo)) != SiloStatus.Active && !leaving.Contains(silo);

    /// <summary>Claims a version's next epoch, later than any that the journal or the run's folder knows: one of the two may have been lost.</summary>
    /// <inheritdoc cref="IRunJournal.Claim"/>
    internal async Task<Epoch> Claim(string run, int version, Epoch? holding = null) =>
        await journal.Claim(run, version, holding, await Task.Run(() => snapshots.NewestEpoch(run)));

    /// <summary>The newest snapshot of a version that is intact, with its name, to go on from; null before the first.</summary>
    /// <exception cref="BadInputException">The journal names some, and none can be used: then it is not the run that is at fault, and nothing is forgotten.</exception>
    /// <exception cref="IOException">The disk does not answer.</exception>
    internal async Task<(Snapshot Snapshot, string Name)?> NewestSnapshot(RunEntry entry, string specHash)
    {
        var named = await journal.Snapshots(entry.Run, entry.Version);
        foreach (var committed in named)
        {
            var snapshot = await DedicatedThread.Once("flowgrain-recover", () => snapshots.Open(entry.Run, entry.Version, committed, specHash));
            if (snapshot is not null) return (snapshot, committed.Name);
            logger.SnapshotDamaged(entry.Run, committed.Round);
        }

        return named.IsEmpty || entry.Phase == RunPhase.Finished ? null : throw NoneIsWhole(entry, named); // those of a finished run may have given way
    }

    /// <summary>Whether a version has finished and its model is there undamaged.</summary>
    internal async Task<bool> IsPublished(RunEntry entry) =>
        entry.ResultJson is not null && await DedicatedThread.Once("flowgrain-verify", () => models.IsIntact(entry.Run, entry.Version));

    /// <summary>Notes something of a run that nobody works on, under an epoch of its own; false where somebody does by now.</summary>
    internal async Task<bool> NoteAtRest(RunEntry entry, RunNote note)
    {
        try
        {
            await journal.Note(entry.Run, entry.Version, await Claim(entry.Run, entry.Version), note);
            return true;
        }
        catch (StaleEpochException stale)
        {
            logger.RunTakenOver(entry.Run, stale.Message);
            return false;
        }
    }

    /// <summary>Where a version was at its newest commit, for questions about progress; null before the first.</summary>
    internal async Task<RunState?> NewestState(RunEntry entry) =>
        (await journal.Snapshots(entry.Run, entry.Version)).Select(committed => snapshots.ReadState(entry.Run, entry.Version, committed)).FirstOrDefault(state => state is not null);

    /// <summary>The plan of a run's newest version; null where there is none.</summary>
    internal async Task<TrainingPlan?> Plan(string run) => await journal.Newest(run) is { } entry ? Json.Value<TrainingPlan>(entry.PlanJson) : null;

    /// <summary>The losses of the newest version of a run that nobody works on, over steps.</summary>
    internal async Task<ImmutableArray<LossPoint>> Losses(string run)
    {
        if (await journal.Newest(run) is not { } entry) return [];
        if (entry.ResultJson is not null) return models.Describe(run, entry.Version).Record.LossesBySteps;
        return await NewestState(entry) is { } state ? RunSchedule.StepsOf(Json.Value<TrainingPlan>(entry.PlanJson), state.History.Points) : [];
    }

    /// <summary>How a version of a run went that nobody works on.</summary>
    internal async Task<RunSeries> Series(string run, int version)
    {
        var entry = await journal.Version(run, version);
        return await Task.Run(() => chronicles.Read(run, version) with { Objective = entry is null ? RunObjectives.Likelihood : RunObjective.Of(entry) });
    }

    private BadInputException NoneIsWhole(RunEntry entry, IEnumerable<CommittedSnapshot> named) => new(
        $"Run '{entry.Run}' cannot go on: of its checkpoints {string.Join(" and ", named.Select(committed => committed.Name))} in '{snapshots.FolderOf(entry.Run, entry.Version)}' none is there undamaged; " +
        $"see that this is the disk that had them and put them back, or give the run up with 'flowgrain runs delete {entry.Run}'.");
}
