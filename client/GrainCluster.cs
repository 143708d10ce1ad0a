using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Serving;
using FlowGrain.Training;

namespace FlowGrain.Client;

/// <summary>A cluster reached through its grains: the embedded one, or a silo's own.</summary>
/// <param name="grains">Its grains.</param>
/// <param name="clock">Times the questions how far a job is.</param>
public sealed class GrainCluster(IGrainFactory grains, TimeProvider clock) : ICluster
{
    /// <inheritdoc />
    public Task<RunProgress> StartRun(string run, TrainingPlan plan, IProgress<ReadingProgress>? reading, CancellationToken cancellation) =>
        new ReadingWatch(Dataset(plan.Data.Path).Reading, reading, clock).Until(Run(run).Start(plan, cancellation));

    /// <inheritdoc />
    public async IAsyncEnumerable<RunProgress> WatchRun(string run, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var progress = await Run(run).Progress();
        yield return progress;
        while (!progress.Phase.IsAtRest())
        {
            var next = await Run(run).WaitForProgress(progress.Sequence, cancellation).WaitAsync(cancellation);
            if (next.Sequence == progress.Sequence) continue; // ten seconds without news
            yield return progress = next;
        }
    }

    /// <inheritdoc />
    public Task<RunProgress> Progress(string run, CancellationToken cancellation) => Run(run).Progress();

    /// <inheritdoc />
    public Task<RunProgress> StopRun(string run, CancellationToken cancellation) => Run(run).Stop();

    /// <inheritdoc />
    public Task<RunResult?> Result(string run, CancellationToken cancellation) => Run(run).Result();

    /// <inheritdoc />
    public Task<TestReport> Test(string run, CancellationToken cancellation) => Run(run).Test(cancellation);

    /// <inheritdoc />
    public Task<ImmutableArray<LossPoint>> History(string run, CancellationToken cancellation) => Run(run).History();

    /// <inheritdoc />
    public Task DeleteRun(string run, CancellationToken cancellation) => Run(run).Delete();

    /// <inheritdoc />
    public Task<ImmutableArray<RunListing>> Runs(CancellationToken cancellation) => Inventory.Runs();

    /// <inheritdoc />
    public Task<ImmutableArray<ModelDescription>> Models(CancellationToken cancellation) => Inventory.Models();

    /// <inheritdoc />
    public Task<ModelDescription> Describe(ModelReference model, CancellationToken cancellation) => Model(model).Describe(model.Version);

    /// <inheritdoc />
    public Task<ImmutableArray<LossPoint>> Losses(ModelReference model, CancellationToken cancellation) => Model(model).Losses(model.Version);

    /// <inheritdoc />
    public Task DeleteModel(ModelReference model, CancellationToken cancellation) => Model(model).Delete(model.Version);

    /// <inheritdoc />
    public Task<ImmutableArray<PresetDescription>> Presets(CancellationToken cancellation) => Inventory.Presets();

    /// <inheritdoc />
    public Task<DatasetSummary> Import(DataSelection selection, IProgress<ReadingProgress>? reading, CancellationToken cancellation)
    {
        var dataset = Dataset(selection.Path);
        return new ReadingWatch(dataset.Reading, reading, clock).Until(dataset.Import(selection, cancellation));
    }

    /// <inheritdoc />
    public Task<DataInspection> Inspect(string path, IProgress<ReadingProgress>? reading, CancellationToken cancellation)
    {
        var dataset = Dataset(path);
        return new ReadingWatch(dataset.Reading, reading, clock).Until(dataset.Inspect(cancellation));
    }

    /// <inheritdoc />
    public Task<ScoringResult> Score(ScoringPlan plan, IProgress<ReadingProgress>? reading, CancellationToken cancellation)
    {
        var job = NewJob();
        return new ReadingWatch(job.Reading, reading, clock).Until(job.Score(plan, cancellation));
    }

    /// <inheritdoc />
    public Task<EvaluationReport> Evaluate(EvaluationPlan plan, IProgress<ReadingProgress>? reading, CancellationToken cancellation)
    {
        var job = NewJob();
        return new ReadingWatch(job.Reading, reading, clock).Until(job.Evaluate(plan, cancellation));
    }

    /// <inheritdoc />
    public IAsyncEnumerable<ReadOnlyMemory<double>> Sample(ModelDescription model, SampleOrder order, CancellationToken cancellation) =>
        new ReplicaCalls(Replica(model), model).Sample(order, cancellation);

    /// <inheritdoc />
    public Task<float[]> LogDensity(ModelDescription model, ReadOnlyMemory<double> rows, CancellationToken cancellation) =>
        new ReplicaCalls(Replica(model), model).LogDensity(rows, cancellation);

    /// <inheritdoc />
    public Task<ClusterOverview> Overview(CancellationToken cancellation) => Inventory.Overview();

    private IClusterGrain Inventory => grains.GetGrain<IClusterGrain>(0);

    private IRunGrain Run(string run) => grains.GetGrain<IRunGrain>(run);

    private IModelGrain Model(ModelReference model) => grains.GetGrain<IModelGrain>(model.Name);

    private IDatasetGrain Dataset(string path) => grains.GetGrain<IDatasetGrain>(path);

    private IScoringGrain NewJob() => grains.GetGrain<IScoringGrain>(Guid.NewGuid().ToString("N"));

    private IModelReplicaGrain Replica(ModelDescription model) => grains.GetGrain<IModelReplicaGrain>($"{model.Name}@{model.Version}");
}
