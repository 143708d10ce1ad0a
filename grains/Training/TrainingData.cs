using System.Collections.Concurrent;
using FlowGrain.Cluster;
using FlowGrain.Data;
using Microsoft.Extensions.Options;

namespace FlowGrain.Training;

/// <summary>The rows of a run on this silo: the data set, its split, the order of every pass. Safe for concurrent readers.</summary>
internal sealed record TrainingData(Dataset Dataset, Split Split, EpochOrder Order);

/// <summary>Opens the rows of runs, once a silo.</summary>
internal sealed class TrainingDataSource(IOptions<StorageOptions> storage, TimeProvider clock)
{
    private readonly ConcurrentDictionary<TrainingRows, Lazy<TrainingData>> _open = [];

    /// <summary>The data sets of this silo.</summary>
    internal DatasetStore Store { get; } = new(storage.Value.Data, clock);

    /// <summary>The rows; the first call reads every block once to split it.</summary>
    /// <exception cref="BadInputException">The data set is absent or damaged.</exception>
    internal TrainingData Get(TrainingRows rows)
    {
        var data = _open.GetOrAdd(rows, static (key, source) => new Lazy<TrainingData>(() => source.Open(key)), this);
        try
        {
            return data.Value;
        }
        catch
        {
            _open.TryRemove(rows, out _); // a failure is not for ever
            throw;
        }
    }

    /// <summary>Forgets the rows of a run that is over; their memory is unmapped when the last reader lets go.</summary>
    internal void Release(TrainingRows rows) => _open.TryRemove(rows, out _);

    private TrainingData Open(TrainingRows rows)
    {
        var dataset = Store.Open(rows.Dataset);
        var split = Split.Of(dataset, new SplitFractions(rows.Seed, rows.ValidationFraction, rows.TestFraction));
        return new TrainingData(dataset, split, new EpochOrder(split, rows.Seed));
    }
}
