using System.Net.Http.Json;
using FlowGrain.Client;
using FlowGrain.Tests.Cluster;
using FlowGrain.Training;

namespace FlowGrain.Tests.Deploy;

/// <summary>A real Prometheus that looks at real silos: the panels show something, and the alerts fire when what they warn of happens.</summary>
public sealed class LiveTests(ITestOutputHelper output) : ClusterTest
{
    private static readonly (string, string)[] Tight = [("Serving__BatchDelay", "00:00:01"), ("Serving__QueueRows", "4"), ("Storage__DataQuota", "1GB"), ("Storage__CheckpointQuota", "1KB")];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected override Task Begin(SiloCluster cluster) => Task.WhenAll(cluster.Start("a", environment: Tight), cluster.Start("b", environment: Tight));

    [Fact(Explicit = true, Timeout = 600_000)] // of a quiet machine: recoveries have to be seen between two looks of Prometheus
    public async Task Every_panel_shows_something_and_alerts_fire_for_what_happens()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        using var prometheus = new PrometheusServer([Cluster.Url("a"), Cluster.Url("b")], Monitoring.ImpatientRules());
        await Cluster.Train("served", Embedded.Plan(steps: 20));
        using var http = ApiConnection.Open(Cluster.Url("a"), key: null);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var asked = Task.WhenAll(Ask(http, rows: 1, over.Token), Ask(http, rows: 1, over.Token, timeout: 1000));
        await Fires(prometheus, "FlowGrainLatencyHigh", "FlowGrainQueueLong");
        var more = Task.WhenAll(Ask(http, rows: 8, over.Token), Jobs(http, over.Token));
        await Fires(prometheus, "FlowGrainRejections", "FlowGrainRequestsFail");

        await Cluster.Grains.GetGrain<IRunGrain>("m").Start(Embedded.Plan(steps: 1_000_000) with { Shards = 8 }, Cancellation);
        await Cluster.Until("m", progress => progress is { Step: > 0, Workers: 2 });

        var helps = await Cluster.HomeOf(Cluster.Grains.GetGrain<IRunGrain>("m")) == "a" ? "b" : "a";
        await Cluster.Grains.GetGrain<IRunGrain>("waits").Start(Embedded.Plan(steps: 1_000_000) with { Priority = -1 }, Cancellation);
        await Fires(prometheus, "FlowGrainRunStalled");

        await Cluster[helps].Kill();
        await Fires(prometheus, "FlowGrainSiloDown");
        await Return(helps);
        await Cluster[helps].Kill(); // again: a first recovery has not risen, and is told only where its silo was known a quarter of an hour before
        await Return(helps);
        await Fires(prometheus, "FlowGrainRecoverySlow", "FlowGrainDiskNearlyFull", "FlowGrainQuotaNearlyFull"); // by the bars of impatient rules
        await Slow(helps, () => Fires(prometheus, "FlowGrainStragglers"));
        await Cluster.Start("c", hidden: Path.Combine(Store, "data"));
        await Fires(prometheus, "FlowGrainWorkerAside");
        foreach (var dashboard in Monitoring.Dashboards) await Shows(prometheus, new Dashboard(dashboard));
        await AreKnown(prometheus);

        Directory.Move(Path.Combine(Store, "runs"), Path.Combine(Store, "away"));
        await File.WriteAllTextAsync(Path.Combine(Store, "runs"), "in its place", Cancellation);
        await Fires(prometheus, "FlowGrainCheckpointFailures", "FlowGrainRunFailed");
        Assert.All(await Until(() => prometheus.Query("sum(ALERTS{alertname=~\"FlowGrain.*\", alertstate=\"firing\"})"), "The dashboard counts no alert."), firing => Assert.True(firing >= 2));
        await over.CancelAsync();
        await Task.WhenAll(asked, more);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_prometheus_without_silos_says_so()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        using var prometheus = new PrometheusServer([], Monitoring.ImpatientRules());
        await Fires(prometheus, "FlowGrainNotScraped");
    }

    private async Task Return(string silo)
    {
        await Cluster.Restart(silo);
        await Cluster.Until("m", progress => progress.Workers == 2);
    }

    /// <summary>Has a silo stand still between the rounds that it helps with.</summary>
    private async Task Slow(string silo, Func<Task> meanwhile)
    {
        var seen = meanwhile();
        while (!seen.IsCompleted)
        {
            await Cluster[silo].Sleep(TimeSpan.FromSeconds(0.3));
            var step = (await Cluster.Grains.GetGrain<IRunGrain>("m").Progress()).Step;
            await Cluster.Until("m", progress => progress.Step > step + 2);
        }

        await seen;
    }

    private static async Task Fires(PrometheusServer prometheus, params string[] alerts)
    {
        foreach (var alert in alerts) await Until(() => prometheus.Query($"ALERTS{{alertname=\"{alert}\", alertstate=\"firing\"}}"), $"{alert} does not fire.");
    }

    /// <summary>Waits until every query of a dashboard has an answer.</summary>
    private async Task Shows(PrometheusServer prometheus, Dashboard dashboard)
    {
        foreach (var panel in dashboard.Panels)
            foreach (var query in panel.Queries)
                output.WriteLine($"{dashboard.Name}, {panel.Title}: {string.Join("; ", await Until(() => prometheus.Query(Filled(query)), $"{dashboard.Name}, {panel.Title} shows nothing: {query}"))}");
        foreach (var query in dashboard.VariableQueries) await Until(() => prometheus.Query(Filled(query.Split("label_values(")[1].Split(", ")[0])), query);
    }

    /// <summary>An alert on a metric that nobody has would never fire.</summary>
    private static async Task AreKnown(PrometheusServer prometheus)
    {
        foreach (var metric in Monitoring.Metrics(await File.ReadAllTextAsync(Monitoring.Rules, Cancellation))) await Until(() => prometheus.Query(metric), $"There is no {metric}.");
    }

    private static async Task<List<double>> Until(Func<Task<List<PrometheusServer.Sample>>> ask, string sentence)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(45), TimeProvider.System);
        while (true)
        {
            if (await ask() is { Count: > 0 } samples && samples.Any(sample => !double.IsNaN(sample.Value))) return [.. samples.Select(sample => sample.Value)];
            Assert.False(late.IsCancellationRequested, sentence);
        }
    }

    private static string Filled(string query) => query.Replace("$job", "flowgrain", StringComparison.Ordinal).Replace("$__rate_interval", "10s", StringComparison.Ordinal)
        .Replace("$__range", "5m", StringComparison.Ordinal).Replace("$instance", ".*", StringComparison.Ordinal).Replace("$run", ".*", StringComparison.Ordinal).Replace("$model", ".*", StringComparison.Ordinal);

    /// <summary>Asks a model for densities, whatever comes of it; in time, in microseconds, or not.</summary>
    private static async Task Ask(HttpClient http, int rows, CancellationToken over, int timeout = 60_000_000)
    {
        var order = new { parameters = new { timeout }, inputs = new[] { new { name = "x", datatype = "FP32", shape = new[] { rows, 2 }, data = new float[2 * rows] } } };
        while (!over.IsCancellationRequested) await Attempt(() => http.PostAsJsonAsync(new Uri(http.BaseAddress!, "/v2/models/served/infer"), order, over));
    }

    /// <summary>Scores a file and draws rows, whatever comes of it.</summary>
    private async Task Jobs(HttpClient http, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await Attempt(() => http.PostAsJsonAsync("scorings", new { model = "served", data = Embedded.Plan().Data.Path }, over));
            await Attempt(() => http.GetAsync(new Uri("models/served/samples?rows=100", UriKind.Relative), over));
        }
    }

    private static async Task Attempt(Func<Task<HttpResponseMessage>> ask)
    {
        try
        {
            using var answer = await ask();
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            // Its silo is away, or the test is over.
        }
    }
}
