using FlowGrain.Cluster;
using FlowGrain.Training;

namespace FlowGrain.Data;

/// <inheritdoc cref="IDatasetGrain" />
internal sealed class DatasetGrain(TrainingDataSource source, DataRoots roots) : Grain, IDatasetGrain
{
    private LatestProgress? _reading;

    public async Task<DatasetSummary> Import(DataSelection selection, CancellationToken cancellation = default)
    {
        roots.Require(selection.Path);
        if (selection.Validation is { } validation) roots.Require(validation);
        using var dataset = await Read("flowgrain-import", progress => source.Store.Import(selection, progress, cancellation));
        var manifest = dataset.Manifest;
        var names = manifest.Columns.Select(column => column.Name).ToList();
        return new DatasetSummary(
            dataset.Id, manifest.Root, manifest.Rows, manifest.DroppedRows, [.. names.Take(manifest.Dimension)], [.. names.Skip(manifest.Dimension)]);
    }

    public Task<DataInspection> Inspect(DataSelection selection, CancellationToken cancellation = default)
    {
        roots.Require(selection.Path);
        return Read("flowgrain-inspect", progress => Inspector.Inspect(selection, progress, cancellation));
    }

    public Task<ReadingProgress?> Reading() => Task.FromResult(_reading?.Value);

    private async Task<T> Read<T>(string thread, Func<IProgress<ReadingProgress>, T> read)
    {
        var progress = _reading = new LatestProgress();
        try
        {
            return await DedicatedThread.Once(thread, () => read(progress));
        }
        finally
        {
            _reading = null;
        }
    }
}
