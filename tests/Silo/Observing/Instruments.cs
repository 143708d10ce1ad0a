namespace FlowGrain.Tests.Silo.Observing;

/// <summary>The instruments that dashboards read by name, with their units.</summary>
internal static class Instruments
{
    internal static readonly IReadOnlyDictionary<string, string> Units = new Dictionary<string, string>
    {
        ["flowgrain.train.round.duration"] = "s",
        ["flowgrain.train.rounds"] = "{round}",
        ["flowgrain.train.rows"] = "{row}",
        ["flowgrain.train.shard.attempts"] = "{attempt}",
        ["flowgrain.train.shard.duration"] = "s",
        ["flowgrain.train.data.duration"] = "s",
        ["flowgrain.train.straggler.ratio"] = "1",
        ["flowgrain.train.loss"] = "{nat}",
        ["flowgrain.train.grad_norm"] = "1",
        ["flowgrain.train.learning_rate"] = "1",
        ["flowgrain.train.workers"] = "{worker}",
        ["flowgrain.train.recovery.duration"] = "s",
        ["flowgrain.train.comm.io"] = "By",
        ["flowgrain.train.runs.ended"] = "{run}",
        ["flowgrain.checkpoint.duration"] = "s",
        ["flowgrain.checkpoint.size"] = "By",
        ["flowgrain.checkpoint.failures"] = "{failure}",
        ["flowgrain.serve.request.duration"] = "s",
        ["flowgrain.serve.queue.duration"] = "s",
        ["flowgrain.serve.compute.duration"] = "s",
        ["flowgrain.serve.batch.size"] = "{row}",
        ["flowgrain.serve.queue.length"] = "{request}",
        ["flowgrain.serve.rejections"] = "{request}",
        ["flowgrain.serve.evictions"] = "{version}",
        ["flowgrain.serve.sample.rows"] = "{row}",
        ["flowgrain.serve.shadow.difference"] = "{nat}",
        ["flowgrain.serve.shadow.failures"] = "{request}",
        ["flowgrain.storage.free"] = "By",
        ["flowgrain.storage.size"] = "By",
        ["flowgrain.storage.used"] = "By",
        ["flowgrain.storage.quota"] = "By",
        ["flowgrain.score.rows"] = "{row}",
        ["flowgrain.score.progress"] = "1",
        ["flowgrain.build_info"] = "",
        ["flowgrain.model_info"] = "",
    };

    /// <summary>Those that say nothing while nothing goes wrong, and those of what the observed silo is not asked for.</summary>
    internal static readonly string[] OfTrouble =
    [
        "flowgrain.train.recovery.duration", "flowgrain.checkpoint.failures", "flowgrain.serve.rejections", "flowgrain.serve.evictions", "flowgrain.score.rows", "flowgrain.score.progress",
        "flowgrain.serve.sample.rows", "flowgrain.serve.shadow.difference", "flowgrain.serve.shadow.failures", "flowgrain.storage.quota",
    ];

    /// <summary>Those that say nothing before a model was asked.</summary>
    internal static readonly string[] OfServing =
        ["flowgrain.serve.request.duration", "flowgrain.serve.queue.duration", "flowgrain.serve.compute.duration", "flowgrain.serve.batch.size", "flowgrain.serve.queue.length"];

    /// <summary>How Prometheus has an instrument: words for the unit, and total behind what only grows.</summary>
    internal static string InPrometheus(string name) => name.Replace('.', '_') + (name, Units[name]) switch
    {
        ("flowgrain.train.straggler.ratio", _) => "",
        (_, "s") => "_seconds_count",
        ("flowgrain.checkpoint.size", _) => "_bytes_count",
        ("flowgrain.train.comm.io", _) => "_bytes_total",
        (_, "By") => "_bytes",
        ("flowgrain.serve.batch.size", _) => "_count",
        (_, "{round}" or "{row}" or "{attempt}" or "{run}") => "_total",
        _ => "",
    };
}
