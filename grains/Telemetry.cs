using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace FlowGrain;

/// <summary>Every instrument this system has; its spans are in <see cref="Spans"/>. Names are public contract: dashboards read them.</summary>
public static class Telemetry
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "FlowGrain";

    /// <summary>The version of this program.</summary>
    public static readonly string Version = typeof(Telemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    internal const string Schema = "1.0.0"; // of the names below

    internal static readonly ActivitySource Source = new(Name, Schema);
    private static readonly Meter Meter = new(Name, Schema);

    // Seconds: what computes or answers, and what waits for disks and silos.
    private static readonly InstrumentAdvice<double> Short = new() { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] };
    private static readonly InstrumentAdvice<double> Long = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300] };
    private static readonly InstrumentAdvice<double> Nats = new() { HistogramBucketBoundaries = [-10, -1, -0.1, -0.01, -0.001, 0, 0.001, 0.01, 0.1, 1, 10] };
    private static readonly InstrumentAdvice<long> PowersOfTwo = new() { HistogramBucketBoundaries = [.. Enumerable.Range(0, 17).Select(power => 1L << power)] };
    private static readonly InstrumentAdvice<long> PowersOfTen = new() { HistogramBucketBoundaries = [1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000] };

    internal static readonly Histogram<double> RoundSeconds =
        Meter.CreateHistogram("flowgrain.train.round.duration", "s", "Wall time of one round.", advice: Short);

    internal static readonly Counter<long> Rounds =
        Meter.CreateCounter<long>("flowgrain.train.rounds", "{round}", "Rounds made; those that are made again after a loss count again.");

    internal static readonly Counter<long> Rows =
        Meter.CreateCounter<long>("flowgrain.train.rows", "{row}", "Training rows of the rounds that were made; of those that are made again, again.");

    /// <summary>With <c>outcome</c>, what became of it.</summary>
    internal static readonly Counter<long> ShardAttempts =
        Meter.CreateCounter<long>("flowgrain.train.shard.attempts", "{attempt}", "Shards that workers handed in, by outcome.");

    internal static readonly Histogram<double> ShardSeconds =
        Meter.CreateHistogram("flowgrain.train.shard.duration", "s", "Wall time of computing one shard.", advice: Short);

    internal static readonly Histogram<double> DataSeconds =
        Meter.CreateHistogram("flowgrain.train.data.duration", "s", "Wall time that a slot spends on the rows of one shard before it can compute.", advice: Short);

    internal static readonly FadingGauge StragglerRatio =
        new("flowgrain.train.straggler.ratio", "1", "Time of the slowest shard of the last round over that of the median one.", values => values.Max(), Label.Run);

    internal static readonly FadingGauge Loss =
        new("flowgrain.train.loss", "{nat}", "Mean of the objective over the rows of the last round: the negative log-likelihood in nats, or what a continuous flow is fitted by.", values => values.Max(), Label.Run);

    internal static readonly FadingGauge GradientNorm =
        new("flowgrain.train.grad_norm", "1", "Norm of the mean gradient of the last round, before clipping.", values => values.Max(), Label.Run);

    internal static readonly FadingGauge LearningRate =
        new("flowgrain.train.learning_rate", "1", "Learning rate of the last round.", values => values.Max(), Label.Run);

    /// <summary>With <c>state</c>: working; silent, which is not heard of or just begins; aside, which could not go on or computed wrong bits.</summary>
    internal static readonly FadingGauge Workers =
        new("flowgrain.train.workers", "{worker}", "Workers of a run by state.", values => values.Sum(), Label.Run, Label.State);

    /// <summary>With <c>cause</c>, what was lost.</summary>
    internal static readonly Histogram<double> RecoverySeconds =
        Meter.CreateHistogram("flowgrain.train.recovery.duration", "s", "Time from a loss that a run noticed to the end of the first round made without it.", advice: Long);

    internal static readonly Counter<long> CommunicatedBytes =
        Meter.CreateCounter<long>("flowgrain.train.comm.io", "By", "Bytes of gradients and weights handed between grains.");

    internal static readonly Histogram<double> CheckpointSeconds =
        Meter.CreateHistogram("flowgrain.checkpoint.duration", "s", "Wall time of writing one group commit.", advice: Long);

    internal static readonly Histogram<long> CheckpointBytes =
        Meter.CreateHistogram("flowgrain.checkpoint.size", "By", "Size of one group commit.", advice: PowersOfTen);

    internal static readonly Counter<long> CheckpointFailures =
        Meter.CreateCounter<long>("flowgrain.checkpoint.failures", "{failure}", "Group commits that could not be written.");

    internal static readonly Counter<long> RunsEnded =
        Meter.CreateCounter<long>("flowgrain.train.runs.ended", "{run}", "Runs that came to rest, by phase: finished, stopped, failed.");

    internal static readonly FadingGauge StorageFree =
        new("flowgrain.storage.free", "By", "Room that is left on the disk of Storage:Root.", values => values.Min());

    internal static readonly FadingGauge StorageSize =
        new("flowgrain.storage.size", "By", "Size of the disk of Storage:Root.", values => values.Min());

    internal static readonly FadingGauge StorageUsed =
        new("flowgrain.storage.used", "By", "What imported data and the folders of runs take, by kind: data, checkpoints.", values => values.Max(), Label.Kind);

    internal static readonly FadingGauge StorageQuota =
        new("flowgrain.storage.quota", "By", "What they may take, by kind; absent without a quota.", values => values.Max(), Label.Kind);

    internal static readonly Counter<long> ScoredRows =
        Meter.CreateCounter<long>("flowgrain.score.rows", "{row}", "Rows of bulk scoring.");

    internal static readonly FadingGauge ScoreProgress =
        new("flowgrain.score.progress", "1", "Share of the file that the bulk scoring which reported last has done.", values => values.Min(), Label.Model);

    internal static readonly Histogram<double> RequestSeconds =
        Meter.CreateHistogram("flowgrain.serve.request.duration", "s", "Wall time of an inference request, from its header to the last byte of its answer.", advice: Short);

    internal static readonly Histogram<double> QueueSeconds =
        Meter.CreateHistogram("flowgrain.serve.queue.duration", "s", "How long a request waited for its batch.", advice: Short);

    internal static readonly Histogram<double> ComputeSeconds =
        Meter.CreateHistogram("flowgrain.serve.compute.duration", "s", "Wall time of computing a batch.", advice: Short);

    internal static readonly Histogram<long> BatchRows =
        Meter.CreateHistogram("flowgrain.serve.batch.size", "{row}", "Rows of a batch.", advice: PowersOfTwo);

    internal static readonly UpDownCounter<long> QueueLength =
        Meter.CreateUpDownCounter<long>("flowgrain.serve.queue.length", "{request}", "Requests that wait for their batch.");

    internal static readonly Counter<long> Rejections =
        Meter.CreateCounter<long>("flowgrain.serve.rejections", "{request}", "Requests that there was no room for.");

    internal static readonly Counter<long> Evictions =
        Meter.CreateCounter<long>("flowgrain.serve.evictions", "{version}", "Versions of models that left the memory because others needed the room; where this goes on, Serving:Models is too small.");

    internal static readonly Counter<long> SampledRows =
        Meter.CreateCounter<long>("flowgrain.serve.sample.rows", "{row}", "Rows drawn for clients.");

    /// <summary>What a version that is tried out says beside the one that answers.</summary>
    internal static readonly Histogram<double> ShadowNats =
        Meter.CreateHistogram("flowgrain.serve.shadow.difference", "{nat}", "Mean log-density of a request's rows by the shadow, less that by the version that answered.", advice: Nats);

    /// <summary>Requests that a shadow could not compute.</summary>
    internal static readonly Counter<long> ShadowFailures =
        Meter.CreateCounter<long>("flowgrain.serve.shadow.failures", "{request}", "Requests that were answered, and that their shadow could not compute.");

    /// <summary>Always 1: what it says are its labels.</summary>
    internal static readonly ObservableGauge<int> BuildInfo = Meter.CreateObservableGauge(
        "flowgrain.build_info", () => new Measurement<int>(1, new("version", Version), new("runtime", RuntimeInformation.FrameworkDescription)), unit: null, "The version of this program and of .NET.");

    /// <summary>A meter whose only instrument is always 1 for each model and the version of it that answers; it ends when the meter is disposed.</summary>
    internal static Meter ModelInfo(Func<IEnumerable<(string Model, int Version)>> models)
    {
        var meter = new Meter(Name, Schema);
        meter.CreateObservableGauge(
            "flowgrain.model_info", () => models().Select(model => new Measurement<int>(1, new(Label.Model, model.Model), new(Label.Version, model.Version))), unit: null, "The version of a model that answers where none is named.");
        return meter;
    }
}
