using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using FlowGrain.Api;
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
        new ReadingWatch(Dataset(plan.Data.Path).Reading, reading, clock).Until(Ask(() => Run(run).Start(plan, cancellation), cancellation));

    /// <inheritdoc />
    public Task<RunProgress> ResumeRun(string run, bool acceptClass, CancellationToken cancellation) => Ask(() => Run(run).Resume(acceptClass, cancellation), cancellation);

    /// <inheritdoc />
    public async IAsyncEnumerable<RunProgress> WatchRun(string run, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var progress = await Ask(() => Run(run).Progress(), cancellation);
        yield return progress;
        while (!progress.Phase.IsAtRest())
        {
            var (seen, watched) = (progress.Sequence, run);
            var next = await Ask(() => Run(watched).WaitForProgress(seen, cancellation).WaitAsync(cancellation), cancellation);
            if (next.Sequence == progress.Sequence) continue; // ten seconds without news
            yield return progress = next;
        }
    }

    /// <inheritdoc />
    public Task<RunProgress> Progress(string run, CancellationToken cancellation) => Ask(() => Run(run).Progress(), cancellation);

    /// <inheritdoc />
    public Task<RunProgress> StopRun(string run, CancellationToken cancellation) => Ask(() => Run(run).Stop(), cancellation);

    /// <inheritdoc />
    public async Task<TrainingPlan> RunPlan(string run, CancellationToken cancellation) =>
        await Ask(() => Run(run).Plan(), cancellation) ?? throw new NotFoundException($"There is no run '{run}'; 'flowgrain runs' lists all of them.");

    /// <inheritdoc />
    public Task<RunResult?> Result(string run, CancellationToken cancellation) => Ask(() => Run(run).Result(), cancellation);

    /// <inheritdoc />
    public Task<TestReport> Test(string run, CancellationToken cancellation) => Ask(() => Run(run).Test(cancellation), cancellation);

    /// <inheritdoc />
    public Task<ImmutableArray<LossPoint>> History(string run, CancellationToken cancellation) => Ask(() => Run(run).History(), cancellation);

    /// <inheritdoc />
    public async IAsyncEnumerable<RunLogLine> Log(string run, bool follow, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var lines in grains.ReadLog(run, follow, clock, cancellation))
            foreach (var line in lines) yield return line;
    }

    /// <inheritdoc />
    public Task<TracedRound?> Round(string run, CancellationToken cancellation) => Ask(() => Inventory.Round(run), cancellation);

    /// <inheritdoc />
    public Task DeleteRun(string run, CancellationToken cancellation) => Repeated.Call(() => Run(run).Delete(), clock, cancellation);

    /// <inheritdoc />
    public Task<ImmutableArray<RunListing>> Runs(CancellationToken cancellation) => Ask(() => Inventory.Runs(), cancellation);

    /// <inheritdoc />
    public Task<ImmutableArray<ModelDescription>> Models(CancellationToken cancellation) => Ask(() => Inventory.Models(), cancellation);

    /// <inheritdoc />
    public Task<ModelDescription> Describe(ModelReference model, CancellationToken cancellation) => Ask(() => Model(model.Name).Describe(model.Which), cancellation);

    /// <inheritdoc />
    public Task<ImmutableArray<LossPoint>> Losses(ModelReference model, CancellationToken cancellation) => Ask(() => Model(model.Name).Losses(model.Which), cancellation);

    /// <inheritdoc />
    public Task<ModelRegistration> Registration(string model, CancellationToken cancellation) => Ask(() => Model(model).Registration(), cancellation);

    /// <inheritdoc />
    public async Task<ModelRegistration> PointAlias(ModelReference model, string alias, CancellationToken cancellation)
    {
        var version = await Describe(model, cancellation);
        return await Ask(() => Model(model.Name).Point(alias, new ModelReference(model.Name, version.Version).Which!, expected: null, by: null, cancellation), cancellation);
    }

    /// <inheritdoc />
    public async Task<ModelRegistration> RollBackAlias(string model, string alias, CancellationToken cancellation)
    {
        var now = await Registration(model, cancellation);
        return await Ask(() => Model(model).RollBack(alias, now.Aliases.GetValueOrDefault(alias), by: null, cancellation), cancellation);
    }

    /// <inheritdoc />
    public Task<ModelRegistration> RemoveAlias(string model, string alias, CancellationToken cancellation) => Ask(() => Model(model).RemoveAlias(alias, by: null, cancellation), cancellation);

    /// <inheritdoc />
    public Task<ModelRegistration> Route(string model, TrafficRule? rule, CancellationToken cancellation) => Ask(() => Model(model).Route(rule, by: null, cancellation), cancellation);

    /// <inheritdoc />
    public Task ExportModel(ModelReference model, string path, CancellationToken cancellation) => Repeated.Call(() => Model(model.Name).Export(model.Which, path), clock, cancellation);

    /// <inheritdoc />
    public Task<ModelDescription> ImportModel(string model, string path, CancellationToken cancellation) => Ask(() => Model(model).Import(path, cancellation), cancellation);

    /// <inheritdoc />
    public Task DeleteModel(ModelReference model, CancellationToken cancellation) => Repeated.Call(() => Model(model.Name).Delete(model.RequireNumber(), by: null, cancellation), clock, cancellation);

    /// <inheritdoc />
    public Task<ImmutableArray<PresetDescription>> Presets(CancellationToken cancellation) => Ask(() => Inventory.Presets(), cancellation);

    /// <inheritdoc />
    public Task<string> Locate(LocalData data, IProgress<ReadingProgress>? uploading, CancellationToken cancellation) => Task.FromResult(data.Path);

    /// <inheritdoc />
    public Task<DatasetSummary> Import(DataSelection selection, IProgress<ReadingProgress>? reading, CancellationToken cancellation)
    {
        var dataset = Dataset(selection.Path);
        return new ReadingWatch(dataset.Reading, reading, clock).Until(Ask(() => dataset.Import(selection, cancellation), cancellation));
    }

    /// <inheritdoc />
    public Task<DataInspection> Inspect(DataSelection selection, IProgress<ReadingProgress>? reading, CancellationToken cancellation)
    {
        var dataset = Dataset(selection.Path);
        return new ReadingWatch(dataset.Reading, reading, clock).Until(Ask(() => dataset.Inspect(selection, cancellation), cancellation));
    }

    /// <inheritdoc />
    public Task<ScoringResult> Score(ScoringPlan plan, IProgress<ReadingProgress>? reading, CancellationToken cancellation)
    {
        var job = grains.GetGrain<IScoringGrain>(plan.Job());
        return new ReadingWatch(job.Reading, reading, clock).Until(Ask(() => job.Score(plan, cancellation), cancellation));
    }

    /// <inheritdoc />
    public Task<DetectionResult> Detect(DetectionPlan plan, IProgress<ReadingProgress>? reading, CancellationToken cancellation)
    {
        var job = grains.GetGrain<IDetectionGrain>(plan.Job());
        return new ReadingWatch(job.Reading, reading, clock).Until(Ask(() => job.Detect(plan, cancellation), cancellation));
    }

    /// <inheritdoc />
    public Task<EvaluationReport> Evaluate(EvaluationPlan plan, IProgress<ReadingProgress>? reading, CancellationToken cancellation)
    {
        var job = NewJob();
        return new ReadingWatch(job.Reading, reading, clock).Until(Ask(() => job.Evaluate(plan, cancellation), cancellation));
    }

    /// <inheritdoc />
    public Task<VerificationReport> Verify(VerificationPlan plan, IProgress<ReadingProgress>? reading, CancellationToken cancellation)
    {
        var replay = grains.GetGrain<IVerificationGrain>(Guid.NewGuid().ToString("N"));
        return new ReadingWatch(replay.Reading, reading, clock).Until(Ask(() => replay.Verify(plan, cancellation), cancellation));
    }

    /// <inheritdoc />
    public IAsyncEnumerable<ReadOnlyMemory<double>> Sample(ModelDescription model, SampleOrder order, CancellationToken cancellation) =>
        new ReplicaCalls(Replica(model), model, clock).Sample(order, cancellation);

    /// <inheritdoc />
    public Task<float[]> LogDensity(ModelDescription model, ReadOnlyMemory<double> rows, CancellationToken cancellation) =>
        new ReplicaCalls(Replica(model), model, clock).LogDensity(rows, cancellation);

    /// <inheritdoc />
    public Task<float[]> Latents(ModelDescription model, ReadOnlyMemory<double> rows, CancellationToken cancellation) =>
        new ReplicaCalls(Replica(model), model, clock).Latents(rows, cancellation);

    /// <inheritdoc />
    public async Task<ImmutableArray<LayerPoints>> Layers(ModelDescription model, SampleOrder order, int x, int y, CancellationToken cancellation)
    {
        var request = new SampleRequest(First: 0, (int)order.Rows, order.Seed, new Block<double>(order.Context.AsMemory()));
        return [.. (await Ask(() => Replica(model).Layers(request, x, y), cancellation)).Select(LayerPoints.Of)];
    }

    /// <inheritdoc />
    public async Task<RowList> DatasetRows(string id, int rows, long seed, CancellationToken cancellation) => RowList.Of(await Ask(() => Inventory.DatasetRows(id, rows, seed), cancellation));

    /// <inheritdoc />
    public async Task<DatasetList> Datasets(CancellationToken cancellation)
    {
        var storage = await Ask(() => Inventory.Storage(), cancellation);
        return new(await Ask(() => Inventory.Datasets(), cancellation), storage.Data, storage.DataQuota);
    }

    /// <inheritdoc />
    public Task<DatasetListing> Dataset(string id, CancellationToken cancellation) => Ask(() => Inventory.Dataset(id), cancellation);

    /// <inheritdoc />
    public Task DeleteDataset(string id, CancellationToken cancellation) => Repeated.Call(() => Inventory.DeleteDataset(id), clock, cancellation);

    /// <inheritdoc />
    public Task<ClusterOverview> Overview(CancellationToken cancellation) => Ask(() => Inventory.Overview(), cancellation);

    private Task<T> Ask<T>(Func<Task<T>> call, CancellationToken cancellation) => Repeated.Call(call, clock, cancellation);

    private IClusterGrain Inventory => grains.GetGrain<IClusterGrain>(0);

    private IRunGrain Run(string run) => grains.GetGrain<IRunGrain>(run);

    private IModelGrain Model(string model) => grains.GetGrain<IModelGrain>(model);

    private IDatasetGrain Dataset(string path) => grains.GetGrain<IDatasetGrain>(path);

    private IScoringGrain NewJob() => grains.GetGrain<IScoringGrain>(Guid.NewGuid().ToString("N"));

    private IModelReplicaGrain Replica(ModelDescription model) => grains.GetGrain<IModelReplicaGrain>($"{model.Name}@{model.Version}");
}
