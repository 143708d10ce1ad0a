using System.Collections.Concurrent;
using FlowGrain.Cluster;
using FlowGrain.Data;
using Microsoft.Extensions.Options;

namespace FlowGrain.Training;

/// <summary>The rows of a run on this silo: the data set, its split, the order of every pass. Safe for concurrent readers.</summary>
internal sealed record TrainingData(Dataset Dataset, Split Split, EpochOrder Order);

/// <summary>Opens the rows of runs, once a silo for all that read them at the same time.</summary>
/// <remarks>It holds them weakly: when the last reader lets go of rows, whether or not its run came to an end, they are unmapped.</remarks>
internal sealed class TrainingDataSource(IOptions<StorageOptions> storage, DatasetQuota quota, TimeProvider clock)
{
    private readonly ConcurrentDictionary<TrainingRows, Lazy<WeakReference<TrainingData>>> _open = [];

    /// <summary>The data sets of this silo.</summary>
    internal DatasetStore Store { get; } = new(storage.Value.Data, clock, quota);

    /// <summary>The rows; the first call reads every block once to split it.</summary>
    /// <exception cref="BadInputException">The data set is absent or damaged.</exception>
    internal TrainingData Get(TrainingRows rows)
    {
        while (true)
        {
            var entry = _open.GetOrAdd(rows, static (key, source) => new(() => new(source.Open(key))), this);
            try
            {
                if (entry.Value.TryGetTarget(out var data)) return data;
                Remove(rows, entry); // its readers are gone
            }
            catch
            {
                Remove(rows, entry); // a failure is not for ever
                throw;
            }
        }
    }

    /// <summary>Forgets the rows of a run that is over, and those that nobody reads any more; another reader of them may go on.</summary>
    internal void Release(TrainingRows rows)
    {
        _open.TryRemove(rows, out _);
        foreach (var (unused, entry) in _open)
            if (entry is { IsValueCreated: true } && !entry.Value.TryGetTarget(out _)) Remove(unused, entry);
    }

    private void Remove(TrainingRows rows, Lazy<WeakReference<TrainingData>> entry) => _open.TryRemove(new(rows, entry));

    private TrainingData Open(TrainingRows rows)
    {
        var dataset = Store.Open(rows.Dataset);
        try
        {
            var split = Split.Of(dataset, new SplitFractions(rows.Seed, rows.ValidationFraction, rows.TestFraction));
            return new TrainingData(dataset, split, new EpochOrder(split, rows.Seed));
        }
        catch
        {
            dataset.Dispose();
            throw;
        }
    }
}
