using FlowGrain.Bench.Observing;
using FlowGrain.Cli.Output;
using FlowGrain.Client;
using FlowGrain.Tests.Silo.Observing;
using FlowGrain.Training;

namespace FlowGrain.Tests.Cluster;

/// <summary>What a collector gets of a run on three silos that are real processes, two over gRPC and one over HTTP.</summary>
public sealed class TraceExportTests : ClusterTest
{
    private const int Shards = 6;
    private static readonly string[] Parts = [Spans.Round, Spans.Compute, Spans.Submit, Spans.Reduce, Spans.Apply, Spans.Checkpoint];

    private OtlpReceiver _receiver = null!;

    public override async ValueTask InitializeAsync()
    {
        _receiver = await OtlpReceiver.Start();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _receiver.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected override Task Begin(SiloCluster cluster) => Task.WhenAll(
        cluster.Start("a", environment: To(_receiver.Grpc, "grpc")), cluster.Start("b", environment: To(_receiver.Http, "http/protobuf")), cluster.Start("c", environment: To(_receiver.Grpc, "grpc")));

    [Fact(Timeout = 300_000)]
    public async Task Every_sampled_round_is_one_connected_trace_with_every_span_from_three_silos()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var run = Cluster.Grains.GetGrain<IRunGrain>("traced");
        await Repeated.Call(() => run.Start(Embedded.Plan(steps: 1_000_000) with { Shards = Shards, Ranges = 2 }, cancellation), TimeProvider.System, cancellation);
        await _receiver.Until(() => _receiver.Rounds("traced").Count(trace => trace.IsWholeRound(Shards)) >= 4 && _receiver.Rounds("traced").SelectMany(trace => trace).Any(span => span.Name == Spans.Checkpoint)
            && _receiver.Rounds("traced").SelectMany(trace => trace).Select(span => span.Tag(Spans.SiloTag)).OfType<string>().Distinct().Count() == 3, cancellation);
        await Repeated.Call(run.Stop, TimeProvider.System, cancellation);

        await _receiver.Until(() => _receiver.Spans.Any(sent => sent.Span.Name == Spans.Job) && _receiver.Rounds("traced").All(trace => trace.IsWholeRound(Shards)), cancellation);
        var (traces, job) = (_receiver.Rounds("traced"), _receiver.Spans.Single(sent => sent.Span.Name == Spans.Job).Span);
        var spans = traces.SelectMany(trace => trace).ToList();
        Assert.Superset(Parts.ToHashSet(), spans.Select(span => span.Name).ToHashSet());
        Assert.All(traces, trace => Assert.Contains(trace.Single(span => span.Name == Spans.Round).Links, link => link.SpanId == job.SpanId));
        Assert.Equal(3, spans.Select(span => span.Tag(Spans.SiloTag)).OfType<string>().Distinct().Count());
        Assert.Equal(
            spans.Select(span => span.Tag(Spans.SiloTag)).OfType<string>().ToHashSet(), _receiver.Spans.Select(sent => sent.From.Attributes.Of("service.instance.id")).OfType<string>().ToHashSet());
        var begun = traces.Select(trace => trace.Single(span => span.Name == Spans.Round).StartTimeUnixNano).Order().ToList();
        Assert.All(begun.Zip(begun.Skip(1)), pair => Assert.True(pair.Second - pair.First > 990_000_000)); // one a second
    }

    [Fact(Timeout = 300_000)]
    public async Task Any_silo_tells_the_last_traced_round_of_a_run_with_what_every_silo_did_of_it()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var run = Cluster.Grains.GetGrain<IRunGrain>("shown");
        await Repeated.Call(() => run.Start(Embedded.Plan(steps: 1_000_000) with { Shards = Shards }, cancellation), TimeProvider.System, cancellation);
        using var http = ApiConnection.Open(Cluster.Url("b"), key: null);
        var (cluster, seen, round) = (new HttpCluster(http, new AnswerFiles(), TimeProvider.System), 0L, (TracedRound?)null);
        while (round is null || round.Spans.Select(span => span.Silo).Distinct().Count() < 3)
        {
            seen = (await Cluster.Until("shown", progress => progress.Sequence > seen)).Sequence;
            round = await cluster.Round("shown", cancellation);
        }

        await Repeated.Call(run.Stop, TimeProvider.System, cancellation);
        Assert.Equal((Spans.Round, null, 0.0, round!.Seconds), (round.Spans[0].Name, round.Spans[0].Parent, round.Spans[0].Begun, round.Spans[0].Seconds));
        Assert.All(round.Spans.Skip(1), span => Assert.Contains(span.Parent, round.Spans.Select(parent => parent.Id)));
        Assert.Equal(Enumerable.Range(0, Shards), round.Spans.Where(span => span.Name == Spans.Compute).Select(span => span.Shard!.Value).Distinct().Order());
    }

    private static (string, string)[] To(Uri receiver, string protocol) => [("Otlp__Endpoint", $"{receiver}"), ("Otlp__Protocol", protocol), ("OTEL_BSP_SCHEDULE_DELAY", "100")];
}
