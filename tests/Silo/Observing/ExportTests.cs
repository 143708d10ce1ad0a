using System.Collections.Immutable;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using FlowGrain.Api;
using FlowGrain.Bench.Observing;
using FlowGrain.Cli;
using FlowGrain.Data;
using FlowGrain.Tests.Client;
using FlowGrain.Tests.Grains.Data;
using FlowGrain.Training;

namespace FlowGrain.Tests.Silo.Observing;

/// <summary>What a collector and Prometheus get of a silo that trains and serves.</summary>
public sealed class ExportTests(ObservedSilo silo) : IClassFixture<ObservedSilo>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private OtlpReceiver Receiver => silo.Receiver;

    [Fact]
    public async Task A_request_that_comes_in_a_trace_is_in_it_with_the_grains_that_it_asked_and_the_run_is_linked_to_it()
    {
        var trace = await Train("asked");
        await Receiver.Until(() => Receiver.Spans.Any(sent => sent.Span.Name == Spans.Job && sent.Span.Tag(Spans.RunTag) == "asked"), Cancellation);
        var job = Receiver.Spans.Select(sent => sent.Span).Single(span => span.Name == Spans.Job && span.Tag(Spans.RunTag) == "asked");
        var asked = Receiver.Spans.Select(sent => sent.Span).Where(span => span.Trace == trace).ToList();
        Assert.Contains(asked, span => span.Name == "PUT /api/v1/runs/{run}");
        Assert.Contains(asked, span => span.Name == "IRunGrain/Start");
        Assert.Contains(job.Links, link => Convert.ToHexStringLower(link.TraceId.Span) == trace);
        Assert.DoesNotContain(asked, span => span.Name is Spans.Round or Spans.Compute); // a run goes on long after the answer
        Assert.All(Receiver.Rounds("asked"), round => Assert.True(round.IsWholeRound(4)));
        Assert.Equal("secret", Receiver.Key);
    }

    [Fact]
    public async Task A_command_and_all_that_it_asks_are_one_trace()
    {
        using var cli = new TestCli();
        Assert.Equal(0, await CommandLine.Run(["runs", "--json", "--cluster", $"{silo.Url}"], cli.Host() with { Reach = ClusterConnection.Reach }));
        await Receiver.Until(() => Asked().Any(trace => trace.Any(span => span.Name == "IClusterGrain/Runs") && trace.Count(IsGet) == 2), Cancellation); // which version answers, and the runs

        static bool IsGet(Span span) => span.Name.StartsWith("GET /api/v1", StringComparison.Ordinal);

        IEnumerable<IGrouping<string, Span>> Asked() => Receiver.Spans.Select(sent => sent.Span).GroupBy(span => span.Trace).Where(trace => trace.Any(span => IsGet(span) && !span.ParentSpanId.IsEmpty));
    }

    [Fact]
    public async Task A_batch_is_linked_to_every_traced_request_in_it()
    {
        await Train("served");
        var body = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[0,0]}]}""";
        var traces = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Send(HttpMethod.Post, "/v2/models/served/infer", new StringContent(body))));
        await Receiver.Until(() => traces.All(trace => Linked().Contains(trace)), Cancellation);
        var queued = Receiver.Spans.Select(sent => sent.Span).Where(span => span.Name == Spans.Queue).Select(span => span.Trace).ToHashSet();
        Assert.Superset(traces.ToHashSet(), queued);

        IEnumerable<string> Linked() => Receiver.Spans.Where(sent => sent.Span.Name == Spans.Batch).SelectMany(sent => sent.Span.Links).Select(link => Convert.ToHexStringLower(link.TraceId.Span));
    }

    [Fact]
    public async Task A_collector_gets_the_instruments_of_the_contract_with_their_units_and_an_example_of_a_round()
    {
        await Train("measured");
        await Send(HttpMethod.Post, "/v2/models/measured/infer", new StringContent("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[0,0]}]}"""));
        string[] known = [.. Instruments.Units.Keys.Except(Instruments.OfTrouble)];
        await Receiver.Until(() => known.All(name => Receiver.Metrics.Any(sent => sent.Metric.Name == name)), Cancellation);
        var units = Receiver.Metrics.Select(sent => sent.Metric).DistinctBy(metric => metric.Name).ToDictionary(metric => metric.Name, metric => metric.Unit);
        Assert.All(known, name => Assert.Equal(Instruments.Units[name], units[name]));
        Assert.All(["dotnet.process.cpu.time", "http.server.request.duration", "kestrel.active_connections"], name => Assert.Contains(name, units.Keys));
        Assert.Contains(units.Keys, name => name.StartsWith("orleans-", StringComparison.Ordinal));

        await Receiver.Until(() => Examples().Any(trace => Rounds().Contains(trace)), Cancellation);
        Assert.All(Examples(), trace => Assert.Equal(32, trace.Length));

        IEnumerable<string> Examples() => Receiver.Metrics.Where(sent => sent.Metric.Name == "flowgrain.train.round.duration")
            .SelectMany(sent => sent.Metric.Histogram.DataPoints).SelectMany(point => point.Exemplars).Select(example => Convert.ToHexStringLower(example.TraceId.Span));

        HashSet<string> Rounds() => Receiver.Spans.Where(sent => sent.Span.Name == Spans.Round).Select(sent => sent.Span.Trace).ToHashSet();
    }

    [Fact]
    public async Task Prometheus_gets_every_instrument_and_examples_where_it_asks_for_OpenMetrics()
    {
        await Train("scraped");
        var text = "";
        while (!text.Contains("flowgrain_model=\"scraped\"", StringComparison.Ordinal)) text = await silo.Http.GetStringAsync(new Uri(silo.Url, "/metrics"), Cancellation); // a model is known a moment after it was published
        var names = Instruments.Units.Keys.Except(Instruments.OfTrouble).Except(Instruments.OfServing).Select(Instruments.InPrometheus);
        Assert.All(names, name => Assert.Contains($"\n{name}", text));
        Assert.Matches("""flowgrain_build_info\{[^}]*version="[0-9]""", text);
        Assert.Matches("""flowgrain_model_info\{[^}]*flowgrain_model="scraped"[^}]*flowgrain_version="1"[^}]*\} 1""", text);
        Assert.Matches("""flowgrain_train_workers\{[^}]*flowgrain_run="scraped"[^}]*state="working"[^}]*\} 0""", text); // it has ended

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(silo.Url, "/metrics"));
        request.Headers.Add("Accept", "application/openmetrics-text; version=1.0.0");
        using var answer = await silo.Http.SendAsync(request, Cancellation);
        Assert.Matches("""flowgrain_train_round_duration_seconds_bucket\{.*# \{.*trace_id="[0-9a-f]{32}".*\}""", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Promtool_has_nothing_to_say_against_our_metrics()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/promtool"), "Debian's package prometheus is not installed.");
        await Train("linted");
        var lines = (await silo.Http.GetStringAsync(new Uri(silo.Url, "/metrics"), Cancellation)).Split('\n').Where(line => line.Contains("flowgrain_", StringComparison.Ordinal) && !line.StartsWith("target_info", StringComparison.Ordinal));
        using var promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await promtool.StandardInput.WriteAsync(string.Join('\n', lines) + "\n");
        promtool.StandardInput.Close();
        var said = await promtool.StandardOutput.ReadToEndAsync(Cancellation) + await promtool.StandardError.ReadToEndAsync(Cancellation);
        await promtool.WaitForExitAsync(Cancellation);
        Assert.Equal((0, ""), (promtool.ExitCode, said));
    }

    [Fact]
    public async Task Log_lines_have_the_names_of_spans_and_their_trace()
    {
        var trace = await Train("told");
        await Receiver.Until(() => Lines().Any(line => line.Body.StringValue.Contains("published", StringComparison.Ordinal)), Cancellation);
        Assert.All(Lines(), line => Assert.NotNull(line.Attributes.Of("flowgrain.version") ?? line.Attributes.Of("flowgrain.step")));
        await silo.Logs("\"flowgrain.run\":\"told\"");
        var printed = silo.Lines.Where(line => line.StartsWith('{')).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Contains(printed, line => line.TryGetProperty("flowgrain.run", out var run) && run.GetString() == "told" && line.GetProperty("level").GetString() == "info");
        Assert.Contains(printed, line => line.TryGetProperty("trace_id", out var id) && id.GetString() == trace);
        Assert.All(printed.Where(line => line.TryGetProperty("flowgrain.run", out var run) && run.GetString() == "told"), line => Assert.True(line.TryGetProperty("trace_id", out _), line.ToString()));
        Assert.All(Lines(), line => Assert.False(line.TraceId.IsEmpty));

        IEnumerable<LogRecord> Lines() => Receiver.Logs.Select(sent => sent.Line).Where(line => line.Attributes.Of(Spans.RunTag) == "told");
    }

    /// <summary>Trains a model by a request in a trace of its own; the trace.</summary>
    private async Task<string> Train(string run)
    {
        var plan = new TrainingPlan
        {
            Data = new DataSelection(Table(), [], [], MissingRows.Refuse),
            Model = "nice",
            Settings = ImmutableSortedDictionary<string, string>.Empty.Add("transforms", "2").Add("hidden", "8"),
            Steps = 30,
            BatchRows = 32,
            Shards = 4,
        };
        var trace = await Send(HttpMethod.Put, $"/api/v1/runs/{run}", JsonContent.Create(plan, options: ApiJson.Options));
        await foreach (var progress in silo.Cluster.WatchRun(run, Cancellation)) Assert.NotEqual(RunPhase.Failed, progress.Phase);
        return trace;
    }

    private string Table()
    {
        var path = Path.Combine(silo.Root, "table.csv");
        if (!File.Exists(path)) File.WriteAllText(path, Tables.Csv(Tables.Normal(400, 2), "a,b"));
        return path;
    }

    /// <summary>Sends a request in a trace of its own; the trace.</summary>
    private async Task<string> Send(HttpMethod method, string path, HttpContent content)
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var request = new HttpRequestMessage(method, new Uri(silo.Url, path)) { Content = content };
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01");
        using var answer = await silo.Http.SendAsync(request, Cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        return trace;
    }
}
