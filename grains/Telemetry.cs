using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FlowGrain;

/// <summary>Every span and instrument this system emits. Names are public contract: dashboards read them.</summary>
public static class Telemetry
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "FlowGrain";

    private static readonly ActivitySource Source = new(Name, "1.0.0");
    private static readonly Meter Meter = new(Name, "1.0.0");

    internal static readonly Histogram<double> RoundSeconds =
        Meter.CreateHistogram<double>("flowgrain.train.round.duration", "s", "Wall time of one round.");

    internal static readonly Counter<long> Rounds =
        Meter.CreateCounter<long>("flowgrain.train.rounds", "{round}", "Rounds committed.");

    internal static readonly Counter<long> Rows =
        Meter.CreateCounter<long>("flowgrain.train.rows", "{row}", "Training rows of committed rounds.");

    internal static readonly Counter<long> ShardAttempts =
        Meter.CreateCounter<long>("flowgrain.train.shard.attempts", "{attempt}", "Submits by outcome.");

    internal static readonly Histogram<double> ShardSeconds =
        Meter.CreateHistogram<double>("flowgrain.train.shard.duration", "s", "Wall time of computing one shard.");

    internal static readonly Histogram<double> DataSeconds =
        Meter.CreateHistogram<double>("flowgrain.train.data.duration", "s", "Wall time that a slot spends on the rows of one shard before it can compute.");

    internal static readonly Gauge<double> Loss =
        Meter.CreateGauge<double>("flowgrain.train.loss", "{nat}", "Mean negative log-likelihood of the last round, nats per row.");

    internal static readonly Gauge<double> GradientNorm =
        Meter.CreateGauge<double>("flowgrain.train.grad_norm", "1", "Norm of the mean gradient of the last round, before clipping.");

    internal static readonly Gauge<double> LearningRate =
        Meter.CreateGauge<double>("flowgrain.train.learning_rate", "1", "Learning rate of the last round.");

    internal static readonly Counter<long> CommunicatedBytes =
        Meter.CreateCounter<long>("flowgrain.train.comm.io", "By", "Bytes of gradients and weights handed between grains.");

    internal static readonly Histogram<double> CheckpointSeconds =
        Meter.CreateHistogram<double>("flowgrain.checkpoint.duration", "s", "Wall time of writing one group commit.");

    internal static readonly Histogram<long> CheckpointBytes =
        Meter.CreateHistogram<long>("flowgrain.checkpoint.size", "By", "Size of one group commit.");

    internal static readonly Counter<long> CheckpointFailures =
        Meter.CreateCounter<long>("flowgrain.checkpoint.failures", "{failure}", "Group commits that could not be written.");

    internal static readonly Counter<long> RunsEnded =
        Meter.CreateCounter<long>("flowgrain.train.runs.ended", "{run}", "Runs that came to rest, by phase: finished, stopped, failed.");

    internal static readonly Gauge<long> StorageFree =
        Meter.CreateGauge<long>("flowgrain.storage.free", "By", "Room that is left on the disk of Storage:Root.");

    internal static readonly Gauge<long> StorageSize =
        Meter.CreateGauge<long>("flowgrain.storage.size", "By", "Size of the disk of Storage:Root.");

    internal static readonly Gauge<long> StorageUsed =
        Meter.CreateGauge<long>("flowgrain.storage.used", "By", "What imported data and the folders of runs take, by kind: data, checkpoints.");

    internal static readonly Gauge<long> StorageQuota =
        Meter.CreateGauge<long>("flowgrain.storage.quota", "By", "What they may take, by kind; absent without a quota.");

    internal static readonly Counter<long> ScoredRows =
        Meter.CreateCounter<long>("flowgrain.score.rows", "{row}", "Rows of bulk scoring.");

    internal static readonly Histogram<double> RequestSeconds =
        Meter.CreateHistogram<double>("flowgrain.serve.request.duration", "s", "Wall time of an inference request, from its header to the last byte of its answer.");

    internal static readonly Histogram<double> QueueSeconds =
        Meter.CreateHistogram<double>("flowgrain.serve.queue.duration", "s", "How long a request waited for its batch.");

    internal static readonly Histogram<double> ComputeSeconds =
        Meter.CreateHistogram<double>("flowgrain.serve.compute.duration", "s", "Wall time of computing a batch.");

    internal static readonly Histogram<long> BatchRows =
        Meter.CreateHistogram<long>("flowgrain.serve.batch.size", "{row}", "Rows of a batch.");

    internal static readonly UpDownCounter<long> QueueLength =
        Meter.CreateUpDownCounter<long>("flowgrain.serve.queue.length", "{request}", "Requests that wait for their batch.");

    internal static readonly Counter<long> Rejections =
        Meter.CreateCounter<long>("flowgrain.serve.rejections", "{request}", "Requests that there was no room for.");

    internal static readonly Counter<long> SampledRows =
        Meter.CreateCounter<long>("flowgrain.serve.sample.rows", "{row}", "Rows drawn for clients.");

    /// <summary>What a version that is tried out says beside the one that answers.</summary>
    internal static readonly Histogram<double> ShadowNats =
        Meter.CreateHistogram<double>("flowgrain.serve.shadow.difference", "nat", "Mean log-density of a request's rows by the shadow, less that by the version that answered.");

    /// <summary>Requests that a shadow could not compute.</summary>
    internal static readonly Counter<long> ShadowFailures =
        Meter.CreateCounter<long>("flowgrain.serve.shadow.failures", "{request}", "Requests that were answered, and that their shadow could not compute.");

    /// <summary>A span that begins a trace whatever span is current, linked to the job it is part of, now or from a time before; null when nobody listens.</summary>
    internal static Activity? StartRoot(string name, ActivityContext? job = null, DateTimeOffset begun = default)
    {
        Activity.Current = null; // else it would be the parent
        return Source.StartActivity(ActivityKind.Internal, default(ActivityContext), tags: null, job is { } context ? [new ActivityLink(context)] : null, begun, name);
    }

    /// <summary>The span of a batch, linked to the requests in it; null when nobody listens.</summary>
    internal static Activity? StartBatch(IEnumerable<ActivityContext> requests)
    {
        if (!Source.HasListeners()) return null;
        Activity.Current = null; // a batch is of many requests
        return Source.StartActivity("flowgrain.batch.execute", ActivityKind.Internal, default(ActivityContext), tags: null, [.. requests.Where(request => request != default).Select(request => new ActivityLink(request))]);
    }

    /// <summary>Writes down the time that a request waited for its batch, below the request's own span.</summary>
    internal static void Waited(ActivityContext request, DateTimeOffset came) => (request == default ? null : Source.StartActivity("flowgrain.queue", ActivityKind.Internal, request, startTime: came))?.Dispose();

    /// <summary>The span of a whole run: a trace of its own, which no call inside the run carries along.</summary>
    internal static Activity? StartJob(string run, int version, string preset)
    {
        var job = StartRoot("flowgrain.job")?.SetTag("flowgrain.run", run).SetTag("flowgrain.version", version).SetTag("flowgrain.preset", preset);
        Activity.Current = null;
        return job;
    }

    /// <summary>A span below one of another grain; null when that one was not sampled or nobody listens.</summary>
    internal static Activity? StartUnder(string? traceParent, string name) =>
        traceParent is not null && ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent)
            ? Source.StartActivity(name, ActivityKind.Internal, parent)
            : null;
}
