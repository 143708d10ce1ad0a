using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Serving;
using FlowGrain.Training;

namespace FlowGrain.Silo.Api;

/// <summary>The grains behind the endpoints; calls are repeated while silos come and go.</summary>
internal sealed class ApiGrains(IGrainFactory grains, TimeProvider clock, IHostApplicationLifetime life)
{
    internal IClusterGrain Inventory => grains.GetGrain<IClusterGrain>(0);

    internal IRunGrain Run(string run) => grains.GetGrain<IRunGrain>(RunName.Require(run));

    internal IModelGrain Model(string model) => RunName.IsAllowed(model) ? grains.GetGrain<IModelGrain>(model) : throw new NotFoundException($"'{Excerpt.Of(model)}' is the name of no model; GET {ApiHosting.Root}/models lists them.");

    /// <summary>The version that an order means now. Jobs and their files are named by it: what the model's name means may change.</summary>
    internal async Task<int> Version(string model, int? version, CancellationToken cancellation) =>
        (await Ask(() => Model(model).Describe(version?.ToString(CultureInfo.InvariantCulture)), cancellation)).Version;

    internal IModelReplicaGrain Replica(string model, int version) => grains.GetGrain<IModelReplicaGrain>($"{model}@{version}");

    internal IDatasetGrain Dataset(string path) => grains.GetGrain<IDatasetGrain>(path);

    internal IScoringGrain Job(ScoringPlan plan) => grains.GetGrain<IScoringGrain>(plan.Job());

    internal IDetectionGrain Job(DetectionPlan plan) => grains.GetGrain<IDetectionGrain>(plan.Job());

    internal IScoringGrain NewJob() => grains.GetGrain<IScoringGrain>(Guid.NewGuid().ToString("N"));

    internal IVerificationGrain NewReplay() => grains.GetGrain<IVerificationGrain>(Guid.NewGuid().ToString("N"));

    /// <inheritdoc cref="RunLogReading.ReadLog" />
    internal IAsyncEnumerable<ImmutableArray<RunLogLine>> ReadLog(string run, bool follow, CancellationToken cancellation) => grains.ReadLog(run, follow, clock, cancellation);

    /// <summary>Asks until there is an answer.</summary>
    internal Task<T> Ask<T>(Func<Task<T>> call, CancellationToken cancellation) => Repeated.Call(call, clock, cancellation);

    /// <inheritdoc cref="Ask{T}"/>
    internal Task Ask(Func<Task> call, CancellationToken cancellation) => Repeated.Call(call, clock, cancellation);

    /// <summary>Answers with what a long call comes to, and on the way with how far it is.</summary>
    internal LongAnswer<T> Long<T>(Func<CancellationToken, Task<T>> call, Func<Task<ReadingProgress?>>? reading = null) =>
        new(cancellation => Ask(() => call(cancellation), cancellation), reading ?? (() => Task.FromResult<ReadingProgress?>(null)), clock, life.ApplicationStopping);
}
