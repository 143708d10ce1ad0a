using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Serving;

namespace FlowGrain.Training;

/// <summary>Finds the rows that a published run was trained on: imported already, or in the file that its plan names.</summary>
internal sealed class RecordedData(TrainingDataSource source)
{
    /// <summary>The rows, and what keeps them there until it is disposed.</summary>
    /// <exception cref="BadInputException">They are no longer there, or the file has other content now.</exception>
    internal async Task<(TrainingData Rows, DatasetUse Use)> Find(IGrainFactory grains, string name, RunRecord record, CancellationToken cancellation)
    {
        var use = await Use(grains, name, record, cancellation);
        try
        {
            return (await Rows(use.Id, name, record, cancellation), use);
        }
        catch
        {
            use.Dispose();
            throw;
        }
    }

    private async Task<DatasetUse> Use(IGrainFactory grains, string name, RunRecord record, CancellationToken cancellation)
    {
        var found = await DedicatedThread.Once("flowgrain-find", () => source.Store.Find(record.DataRoot));
        return (found is null ? null : source.Store.TryUse(found)) ?? source.Store.Use(await Import(grains, name, record, cancellation));
    }

    private async Task<TrainingData> Rows(string id, string name, RunRecord record, CancellationToken cancellation)
    {
        var (plan, key) = (record.Plan, TrainingRows.Of(id, record.Plan));
        cancellation.ThrowIfCancellationRequested();
        var rows = await DedicatedThread.Once("flowgrain-split", () => source.Get(key));
        return new PassLedger(rows.Order.Rows, rows.Order.Hash) == record.Whole ? rows : throw new BadInputException(
            $"run.json of {name} names other training rows than seed {plan.Seed} gives of its data set; it was changed, or another version of the program wrote it.");
    }

    private static async Task<string> Import(IGrainFactory grains, string name, RunRecord record, CancellationToken cancellation)
    {
        var summary = await Read(grains, name, record.Plan.Data, cancellation);
        return summary.Root == record.DataRoot ? summary.Id : throw new BadInputException(
            $"'{record.Plan.Data.Path}' is not what {name} was trained on: its content has changed since, or an earlier version of the program read it, and the data set of that time is no longer there; put that file back.");
    }

    private static async Task<DatasetSummary> Read(IGrainFactory grains, string name, DataSelection data, CancellationToken cancellation)
    {
        try
        {
            return await grains.GetGrain<IDatasetGrain>(Path.GetFullPath(data.Path)).Import(data, cancellation);
        }
        catch (BadInputException gone)
        {
            throw new BadInputException($"The data set of {name} is no longer there, and its file cannot be read again: {gone.Message}");
        }
    }
}
