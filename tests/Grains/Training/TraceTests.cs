using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using FlowGrain.Client;
using FlowGrain.Tests.Silo.Observing;
using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>The spans and instruments that dashboards read by name.</summary>
public sealed class TraceTests : IDisposable
{
    private const int Shards = 4;

    private readonly string _run = $"traced-{Guid.NewGuid():N}"; // other tests of this process are traced too
    private readonly ConcurrentQueue<Activity> _begun = [];
    private readonly ConcurrentQueue<Activity> _ended = [];
    private readonly ActivityListener _listener;

    public TraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = _begun.Enqueue,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task A_run_yields_one_trace_for_each_sampled_round_and_one_for_itself()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var run = embedded.Run(_run);
        await run.Start(embedded.Plan("nice", steps: 1_000_000), TestContext.Current.CancellationToken);
        await EmbeddedFixture.Until(run, progress => progress.Phase == RunPhase.Training && Sampled().Count() >= 3 && Sampled().Any(round => Below(round, "flowgrain.checkpoint").Any()));
        await run.Stop();

        var job = Assert.Single(_ended, span => span.OperationName == "flowgrain.job" && _run.Equals(span.GetTagItem("flowgrain.run")));
        Assert.Equal(("nice", 1, "stopped"), (job.GetTagItem("flowgrain.preset"), job.GetTagItem("flowgrain.version"), job.GetTagItem("flowgrain.phase")));
        Assert.Equal(default, job.ParentSpanId);

        var rounds = Sampled().OrderBy(round => round.StartTimeUtc).ToList();
        Assert.InRange(rounds.Count, 3, 1 + (int)job.Duration.TotalSeconds);
        Assert.Equal(rounds.Count, rounds.Select(round => round.TraceId).Append(job.TraceId).Distinct().Count() - 1);
        Assert.All(rounds.Zip(rounds.Skip(1)), pair => Assert.True((pair.Second.StartTimeUtc - pair.First.StartTimeUtc).TotalSeconds > 0.99));
        Assert.All(rounds, IsWhole);
    }

    [Fact]
    public async Task The_last_traced_round_is_told_with_all_its_parts_without_any_collector()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var (run, cluster) = (embedded.Run(_run), new GrainCluster(embedded.Cluster.Grains, TimeProvider.System));
        Assert.Null(await cluster.Round(_run, TestContext.Current.CancellationToken));
        await run.Start(embedded.Plan("nice", steps: 1_000_000), TestContext.Current.CancellationToken);
        await EmbeddedFixture.Until(run, progress => progress.Phase == RunPhase.Training && Sampled().Any());
        await run.Stop();

        var round = await cluster.Round(_run, TestContext.Current.CancellationToken);
        Assert.NotNull(round);
        Assert.Equal((Spans.Round, null, 0.0, round.Seconds), (round.Spans[0].Name, round.Spans[0].Parent, round.Spans[0].Begun, round.Spans[0].Seconds));
        Assert.All(round.Spans.Skip(1), span => Assert.Contains(span.Parent, round.Spans.Select(parent => parent.Id)));
        var computed = round.Spans.Where(span => span.Name == Spans.Compute).ToList();
        Assert.Equal(Enumerable.Range(0, Shards), computed.Select(span => span.Shard!.Value).Distinct().Order());
        Assert.All(computed, span => Assert.InRange(span.Slot!.Value, 0, 1));
        Assert.All(computed, span => Assert.InRange(span.Begun + span.Seconds, 0, round.Seconds));
    }

    [Fact]
    public async Task A_run_that_goes_on_is_linked_to_the_trace_of_who_trained_it_before()
    {
        using var folder = new TempFolder();
        await using (var first = await EmbeddedFixture.Start(folder: folder))
        {
            await first.Run(_run).Start(first.Plan("nice", steps: 1_000_000), TestContext.Current.CancellationToken);
            await EmbeddedFixture.Until(first.Run(_run), progress => progress.Step > 5);
            await first.Run(_run).Stop();
        }

        await using var second = await EmbeddedFixture.Start(folder: folder); // as another silo would
        await second.Run(_run).Resume(acceptClass: false, TestContext.Current.CancellationToken);
        await second.Run(_run).Stop();
        var jobs = _ended.Where(span => span.OperationName == "flowgrain.job" && _run.Equals(span.GetTagItem("flowgrain.run"))).OrderBy(span => span.StartTimeUtc).ToList();
        Assert.Equal(2, jobs.Count);
        Assert.DoesNotContain(jobs[0].Links, IsFormer);
        var former = Assert.Single(jobs[1].Links, IsFormer);
        Assert.Equal((jobs[0].TraceId, jobs[0].SpanId), (former.Context.TraceId, former.Context.SpanId));

        static bool IsFormer(ActivityLink link) => link.Tags?.Any(tag => tag.Key == "flowgrain.former") == true;
    }

    [Fact]
    public async Task A_run_that_fails_says_so_in_its_span()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var run = embedded.Run(_run);
        Directory.CreateDirectory(Path.Combine(embedded.Home, "models"));
        await File.WriteAllTextAsync(Path.Combine(embedded.Home, "models", _run), "no folder", TestContext.Current.CancellationToken);
        await run.Start(embedded.Plan("nice", steps: 5), TestContext.Current.CancellationToken);
        var end = await EmbeddedFixture.Until(run, progress => progress.Phase is RunPhase.Failed or RunPhase.Finished);
        Assert.Equal(RunPhase.Failed, end.Phase);
        var job = Assert.Single(_ended, span => span.OperationName == "flowgrain.job" && _run.Equals(span.GetTagItem("flowgrain.run")));
        Assert.Equal((ActivityStatusCode.Error, end.Failure), (job.Status, job.StatusDescription));
    }

    [Fact]
    public void Every_instrument_has_its_name_and_unit()
    {
        var units = new Dictionary<string, string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => Note(instrument) };
        RuntimeHelpers.RunClassConstructor(typeof(Telemetry).TypeHandle);
        using var models = Telemetry.ModelInfo(() => []);
        listener.Start();
        Assert.Equal(Instruments.Units.OrderBy(unit => unit.Key), units.OrderBy(unit => unit.Key)); // all, and no other

        void Note(Instrument instrument)
        {
            if (instrument.Meter.Name == Telemetry.Name && instrument.Name.StartsWith("flowgrain.", StringComparison.Ordinal)) units[instrument.Name] = instrument.Unit ?? "";
        }
    }

    /// <summary>round → compute for every shard; compute → submit → reduce for every sum that left the silo; round → apply.</summary>
    private void IsWhole(Activity round)
    {
        Assert.Equal(default, round.ParentSpanId);
        var computed = Below(round, "flowgrain.shard.compute").ToList();
        Assert.Equal(Shards, computed.Select(compute => compute.GetTagItem("flowgrain.shard")).Distinct().Count()); // a late one is computed twice
        var submitted = computed.SelectMany(compute => Below(compute, "flowgrain.shard.submit")).ToList();
        Assert.InRange(submitted.Count, 1, computed.Count);
        Assert.All(submitted, submit => Assert.Single(Below(submit, "flowgrain.reduce.node")));

        Assert.Single(Below(round, "flowgrain.apply"));
        Assert.All(Below(round, "flowgrain.checkpoint"), checkpoint => Assert.Equal(round.GetTagItem("flowgrain.round"), checkpoint.GetTagItem("flowgrain.round")));
    }

    private IEnumerable<Activity> Below(Activity parent, string name) =>
        _ended.Where(span => span.OperationName == name && span.TraceId == parent.TraceId && span.ParentSpanId == parent.SpanId);

    /// <summary>The rounds of this test's run that were traced from the start; other tests train at the same time.</summary>
    private IEnumerable<Activity> Sampled()
    {
        var jobs = _begun.Where(span => span.OperationName == "flowgrain.job" && _run.Equals(span.GetTagItem("flowgrain.run"))).Select(job => job.Context).ToList();
        return _ended.Where(span => span.OperationName == "flowgrain.round" && span.GetTagItem("flowgrain.late") is null && span.Links.Any(link => jobs.Contains(link.Context)));
    }
}
