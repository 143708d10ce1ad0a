using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FlowGrain.Api;
using FlowGrain.Client;
using FlowGrain.Serving;
using Microsoft.Extensions.DependencyInjection;

namespace FlowGrain.Tests.Client.Models;

/// <summary>A silo of the test's own behind the client: one model, of which a row's log-density is its first number.</summary>
internal sealed class FakeSilo : HttpMessageHandler
{
    private readonly Queue<Func<HttpResponseMessage>> _troubles = [];
    private readonly Lock _lock = new();

    internal PauseClock Clock { get; } = new();

    /// <summary>What the model is.</summary>
    internal ModelDescription Model { get; set; } = Examples.Model;

    /// <summary>The paths that were asked for.</summary>
    internal List<string> Asked { get; } = [];

    /// <summary>What an answer to a score waits for, given the first number of its rows.</summary>
    internal Func<double, CancellationToken, Task> Slowness { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>How many of <see cref="Asked"/> are scores.</summary>
    internal int Scored => Asked.Count(path => path.EndsWith("/infer", StringComparison.Ordinal));

    /// <summary>The next scores meet trouble first.</summary>
    internal void Meets(params Func<HttpResponseMessage>[] troubles)
    {
        foreach (var trouble in troubles) _troubles.Enqueue(trouble);
    }

    internal static HttpResponseMessage Refusal() => throw new HttpRequestException("Connection refused");

    internal static HttpResponseMessage Busy(int? after) => Fault(HttpStatusCode.TooManyRequests, "70000 rows wait; ask again.", after);

    internal static HttpResponseMessage Fault(HttpStatusCode status, string sentence, int? after = null)
    {
        var answer = new HttpResponseMessage(status) { Content = new StringContent(JsonSerializer.Serialize(new { error = sentence }), Encoding.UTF8, "application/json") };
        answer.Headers.RetryAfter = after is { } seconds ? new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds)) : null;
        return answer;
    }

    /// <summary>A client of it.</summary>
    internal IFlowGrainClient Client(Action<FlowGrainClientOptions>? configure = null)
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(Clock).AddFlowGrainClient(options =>
        {
            options.Url = new Uri("http://silo:8080");
            configure?.Invoke(options);
        });
        services.AddHttpClient(FlowGrainClientOptions.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => this);
        return services.BuildServiceProvider().GetRequiredService<IFlowGrainClient>();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var path = request.RequestUri!.AbsolutePath;
        lock (_lock) Asked.Add(path);
        var answer = path.EndsWith("/infer", StringComparison.Ordinal) ? await Infer(request, path, cancellationToken) : Description();
        answer.RequestMessage = request;
        return answer;
    }

    private HttpResponseMessage Description() => new(HttpStatusCode.OK) { Content = new StringContent(JsonSerializer.Serialize(Model, ApiJson.Options), Encoding.UTF8, "application/json") };

    private async Task<HttpResponseMessage> Infer(HttpRequestMessage request, string path, CancellationToken cancellation)
    {
        if (_troubles.TryDequeue(out var trouble)) return trouble();
        var (header, body) = (int.Parse(request.Content!.Headers.GetValues("Inference-Header-Content-Length").Single(), CultureInfo.InvariantCulture), await request.Content.ReadAsByteArrayAsync(cancellation));
        var shape = JsonDocument.Parse(body.AsMemory(0, header)).RootElement.GetProperty("inputs")[0].GetProperty("shape");
        var (rows, columns) = (shape[0].GetInt32(), shape[1].GetInt32());
        if (columns != Model.Columns.Length) return Fault(HttpStatusCode.BadRequest, $"'x' has the shape [{rows}, {columns}]; it takes [ROWS, {Model.Columns.Length}], one row at least.");
        var x = MemoryMarshal.Cast<byte, double>(body.AsSpan(header)).ToArray();
        await Slowness(x[0], cancellation);
        return Scores(path.Contains("/versions/", StringComparison.Ordinal) ? path.Split('/')[^2] : $"{Model.Version}", [.. Enumerable.Range(0, rows).Select(row => (float)x[row * columns])]);
    }

    private static HttpResponseMessage Scores(string version, float[] scores)
    {
        var json = JsonSerializer.Serialize(new { model_version = version, outputs = new[] { new { name = "log_prob", datatype = "FP32", shape = new[] { scores.Length }, parameters = new { binary_data_size = sizeof(float) * scores.Length } } } });
        var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([.. Encoding.UTF8.GetBytes(json), .. MemoryMarshal.AsBytes(scores.AsSpan())]) };
        answer.Headers.Add("Inference-Header-Content-Length", $"{json.Length}");
        return answer;
    }
}
