using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using FlowGrain.Tests.Cluster;

namespace FlowGrain.Tests.Deploy;

/// <summary>A real Prometheus of the test's own, which looks every second.</summary>
internal sealed class PrometheusServer : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HttpClient _http;
    private readonly Process _process;

    /// <param name="targets">What it scrapes as the job flowgrain; none at all where there are none.</param>
    /// <param name="rules">The alerts that it evaluates.</param>
    internal PrometheusServer(IEnumerable<Uri> targets, string rules)
    {
        var port = Ports.Free();
        _http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };
        _folder.Write("alerts.yml", rules);
        _folder.Write("prometheus.yml", $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
            rule_files: [alerts.yml]
            scrape_configs:
              - job_name: flowgrain
                static_configs: [{ targets: [{{string.Join(", ", targets.Select(target => $"'{target.Authority}'"))}}] }]
            """);
        string[] arguments = [$"--config.file={_folder.In("prometheus.yml")}", $"--storage.tsdb.path={_folder.In("data")}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"];
        _process = Process.Start(new ProcessStartInfo("prometheus", arguments) { WorkingDirectory = _folder.Path })!;
    }

    /// <summary>What an expression comes to now.</summary>
    internal async Task<List<Sample>> Query(string expression)
    {
        using var answer = await Ask($"/api/v1/query?query={Uri.EscapeDataString(expression)}");
        var json = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.True(answer.IsSuccessStatusCode, $"{expression}: {json}");
        return [.. json.GetProperty("data").GetProperty("result").EnumerateArray().Select(Sample.Of)];
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _http.Dispose();
        _folder.Dispose();
    }

    private async Task<HttpResponseMessage> Ask(string path)
    {
        while (true)
        {
            Assert.False(_process.HasExited, "Prometheus has ended.");
            try
            {
                var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable) return answer; // which it says while it starts
                answer.Dispose();
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
        }
    }

    /// <summary>One series at one time.</summary>
    internal sealed record Sample(IReadOnlyDictionary<string, string> Labels, double Value)
    {
        internal static Sample Of(JsonElement json) => new(
            json.GetProperty("metric").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!),
            double.Parse(json.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture));
    }
}
