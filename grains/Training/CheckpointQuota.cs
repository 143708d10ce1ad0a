using System.Collections.Immutable;
using FlowGrain.Cluster;
using FlowGrain.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FlowGrain.Training;

/// <summary>
/// Keeps the checkpoints of all runs together below Storage:CheckpointQuota. Those of finished runs give way first, the oldest before
/// the others, then the second newest of the rest; the newest, from which a run goes on, never: rather they exceed the quota, and it is said.
/// </summary>
internal sealed class CheckpointQuota(IOptions<StorageOptions> storage, IRunJournal journal, SnapshotStore snapshots, ILogger<CheckpointQuota> logger)
{
    private string? _said;

    /// <summary>Makes room once a checkpoint is durable: what is older may give way only to what is there.</summary>
    /// <returns>By how much they exceed the quota nevertheless, as a sentence; null where they do not.</returns>
    internal async Task<string?> Keep()
    {
        if (storage.Value.CheckpointBytes is not { } quota || await Taken() <= quota) return _said = null;
        var entries = await journal.All();
        await Evict(entries.Where(entry => entry.Phase == RunPhase.Finished), kept: 0, quota);
        await Evict(entries.Where(entry => entry.Phase != RunPhase.Finished), kept: 1, quota);
        var sentence = await Taken() is var taken && taken > quota
            ? $"Checkpoints take {ByteSize.Text(taken)} and Storage:CheckpointQuota is {ByteSize.Text(quota)}, but runs that have not finished go on from them; delete one of those with 'flowgrain runs delete', or raise the quota."
            : null;
        if (sentence is not null && _said is null) logger.CheckpointsOverQuota(sentence);
        return _said = sentence;
    }

    private async Task Evict(IEnumerable<RunEntry> entries, int kept, long quota)
    {
        foreach (var (entry, committed) in (await Spare(entries, kept)).OrderBy(spare => Written(spare.Entry, spare.Committed)))
        {
            if (await Taken() <= quota) return;
            if (await Task.Run(() => snapshots.Remove(entry.Run, entry.Version, committed.Name))) logger.CheckpointEvicted(entry.Run, entry.Version, committed.Round);
        }
    }

    /// <summary>What can be done without while the newest are kept, which must be whole for that.</summary>
    private async Task<ImmutableArray<(RunEntry Entry, CommittedSnapshot Committed)>> Spare(IEnumerable<RunEntry> entries, int kept)
    {
        var spare = ImmutableArray.CreateBuilder<(RunEntry, CommittedSnapshot)>();
        foreach (var entry in entries)
        {
            var committed = (await journal.Snapshots(entry.Run, entry.Version)).Where(snapshot => Directory.Exists(PathOf(entry, snapshot))).ToImmutableArray();
            if (committed.Length <= kept) continue;
            if (await Task.Run(() => committed[..kept].All(snapshot => snapshots.IsIntact(entry.Run, entry.Version, snapshot)))) spare.AddRange(committed[kept..].Select(snapshot => (entry, snapshot)));
        }

        return spare.ToImmutable();
    }

    private DateTime Written(RunEntry entry, CommittedSnapshot committed) => Directory.GetLastWriteTimeUtc(PathOf(entry, committed));

    private string PathOf(RunEntry entry, CommittedSnapshot committed) => snapshots.PathOf(entry.Run, entry.Version, committed.Name);

    private Task<long> Taken() => Task.Run(snapshots.Bytes);
}
