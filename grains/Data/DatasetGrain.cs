using FlowGrain.Cluster;
using FlowGrain.Training;

namespace FlowGrain.Data;

/// <inheritdoc cref="IDatasetGrain" />
internal sealed class DatasetGrain(TrainingDataSource source, DataRoots roots) : Grain, IDatasetGrain
{
    public async Task<DatasetSummary> Import(DataSelection selection, CancellationToken cancellation = default)
    {
        roots.Require(selection.Path);
        using var dataset = await DedicatedThread.Once("flowgrain-import", () => source.Store.Import(selection, progress: null, cancellation));
        var manifest = dataset.Manifest;
        var names = manifest.Columns.Select(column => column.Name).ToList();
        return new DatasetSummary(
            dataset.Id, manifest.Root, manifest.Rows, manifest.DroppedRows, [.. names.Take(manifest.Dimension)], [.. names.Skip(manifest.Dimension)]);
    }

    public Task<DataInspection> Inspect(CancellationToken cancellation = default)
    {
        var path = this.GetPrimaryKeyString();
        roots.Require(path);
        return DedicatedThread.Once("flowgrain-inspect", () => Inspector.Inspect(path, cancellation));
    }
}
