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
        ["flowgrain.checkpoint.duration"] = "s",
        ["flowgrain.checkpoint.size"] = "By",
        ["flowgrain.checkpoint.failures"] = "{failure}",
        ["flowgrain.serve.request.duration"] = "s",
        ["flowgrain.serve.queue.duration"] = "s",
        ["flowgrain.serve.compute.duration"] = "s",
        ["flowgrain.serve.batch.size"] = "{row}",
        ["flowgrain.serve.queue.length"] = "{request}",
        ["flowgrain.serve.rejections"] = "{request}",
        ["flowgrain.score.rows"] = "{row}",
        ["flowgrain.score.progress"] = "1",
        ["flowgrain.build_info"] = "",
        ["flowgrain.model_info"] = "",
    };

    /// <summary>Those that say nothing while nothing goes wrong, and those of bulk scoring.</summary>
    internal static readonly string[] OfTrouble =
        ["flowgrain.train.recovery.duration", "flowgrain.checkpoint.failures", "flowgrain.serve.rejections", "flowgrain.score.rows", "flowgrain.score.progress"];
}
