using System.Collections.Immutable;
using FlowGrain.Cluster;
using FlowGrain.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FlowGrain.Data;

/// <summary>
/// Keeps imported data sets together below Storage:DataQuota. For a new one those give way that were used least recently, but none
/// that a run needs which has not finished, that a job reads right now, or whose files are gone or changed: it could not be imported again.
/// </summary>
internal sealed class DatasetQuota(IOptions<StorageOptions> storage, NeededData needed, ILogger<DatasetQuota> logger)
{
    private string Root => storage.Value.Data;

    /// <summary>Makes room for a data set before its blocks are written.</summary>
    /// <param name="folder">Where it is being written, which reserves the room.</param>
    /// <param name="file">What it is imported from, as sentences name it.</param>
    /// <param name="bytes">What its blocks take.</param>
    /// <exception cref="BadInputException">There is none, and nothing gave way.</exception>
    internal void Require(StagingFolder folder, string file, long bytes)
    {
        if (storage.Value.DataBytes is not { } quota) return;
        folder.Reserve(bytes); // before the look: of two imports at once each counts the other
        if (Excess(quota) is not (> 0 and var excess)) return;
        var stored = Stored();
        if (stored.Where(dataset => dataset.MayGo).Sum(dataset => dataset.Bytes) >= excess) Evict(stored, quota, file);
        if (Excess(quota) > 0) throw NoRoom(stored, quota, file, bytes);
    }

    private long Excess(long quota) => DatasetFolder.All(Root).Sum(DatasetFolder.Bytes) + StagingFolder.Reserved(Root) - quota;

    private void Evict(ImmutableArray<StoredDataset> stored, long quota, string file)
    {
        foreach (var dataset in stored.Where(dataset => dataset.MayGo).OrderBy(dataset => dataset.Used))
        {
            if (Excess(quota) <= 0) return;
            using var use = DatasetUse.ToRemove(dataset.Folder);
            if (use is null || needed.All().Contains(dataset.Id)) continue; // a job has come to it; asked while nobody else can
            use.Remove(dataset.Folder);
            logger.DatasetEvicted(dataset.Id, ByteSize.Text(dataset.Bytes), dataset.Used, file);
        }
    }

    private ImmutableArray<StoredDataset> Stored()
    {
        var needs = needed.All();
        return [.. DatasetFolder.All(Root).Select(folder => new StoredDataset(
            folder, DatasetFolder.Bytes(folder), DatasetUse.Last(folder), [.. needs[Path.GetFileName(folder)].Distinct()], DatasetFolder.IsAtHand(folder)))];
    }

    private static BadInputException NoRoom(ImmutableArray<StoredDataset> stored, long quota, string file, long bytes)
    {
        var (needed, lost) = (stored.Where(dataset => !dataset.NeededBy.IsEmpty).ToList(), stored.Where(dataset => dataset is { NeededBy.IsEmpty: true, IsAtHand: false }).ToList());
        var runs = string.Join(", ", needed.SelectMany(dataset => dataset.NeededBy).Distinct().Select(run => $"'{run}'"));
        string[] held =
        [
            .. needed.Count > 0 ? [$"{Size(needed)} of the rest are needed by {runs}, which {(runs.Contains(',') ? "have" : "has")} not finished"] : Array.Empty<string>(),
            .. lost.Count > 0 ? [$"{Size(lost)} were read from files that are gone or changed"] : Array.Empty<string>(),
        ];
        var why = bytes > quota ? "" : held.Length > 0 ? $": {string.Join(" and ", held)}" : ": other jobs read or import the rest";
        return new($"'{file}' takes {ByteSize.Text(bytes)} as a data set, for which Storage:DataQuota ({ByteSize.Text(quota)}) leaves no room{why}; raise it, or see 'flowgrain data list' for what can be deleted.");
    }

    private static string Size(List<StoredDataset> datasets) => ByteSize.Text(datasets.Sum(dataset => dataset.Bytes));

    private sealed record StoredDataset(string Folder, long Bytes, DateTime Used, ImmutableArray<string> NeededBy, bool IsAtHand)
    {
        internal string Id => Path.GetFileName(Folder);

        internal bool MayGo => NeededBy.IsEmpty && IsAtHand;
    }
}
