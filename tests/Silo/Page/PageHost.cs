using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FlowGrain.Api;
using FlowGrain.Silo;
using FlowGrain.Silo.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FlowGrain.Tests.Silo.Page;

/// <summary>The page as a silo serves it, over an API whose answers are made up: views that need much, or what seldom happens.</summary>
internal sealed class PageHost : IAsyncDisposable
{
    private readonly MadeUpCluster _cluster;
    private readonly string? _key;
    private WebApplication _app = null!;

    private PageHost(MadeUpCluster cluster, string? key) => (_cluster, _key) = (cluster, key);

    internal Uri Url { get; } = new($"http://127.0.0.1:{Cluster.Ports.Free()}");

    /// <summary>Starts it.</summary>
    /// <param name="cluster">What its API tells.</param>
    /// <param name="key">The key that the API wants; null for none.</param>
    internal static async Task<PageHost> Start(MadeUpCluster? cluster = null, string? key = null)
    {
        var host = new PageHost(cluster ?? new MadeUpCluster(runs: 6), key);
        var builder = WebApplication.CreateEmptyBuilder(new() { WebRootPath = Path.Combine(Repository.Root, "silo", "wwwroot") });
        builder.WebHost.UseKestrelCore().UseUrls($"{host.Url}");
        builder.Services.AddRouting();
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        builder.AddPages();
        host._app = builder.Build();
        host._app.UseSecurityHeaders();
        host._app.Use(host.Guard);
        host._app.MapPages();
        host.Map();
        await host._app.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Map()
    {
        var api = _app.MapGroup("/api/v1");
        api.MapGet("/", () => new ApiRoot("flowgrain", "0.1.0+made-up"));
        api.MapGet("/live", () => TypedResults.ServerSentEvents(Live()));
        api.MapGet("/runs/{run}", (string run) => _cluster.Progress(run) is { } progress ? Results.Json(progress, ApiJson.Options) : Results.Problem($"There is no run '{run}'; GET /api/v1/runs lists them.", statusCode: 404));
        api.MapGet("/runs/{run}/series", (string run) => _cluster.Series(run));
        api.MapGet("/runs/{run}/round", () => MadeUpCluster.Round);
        api.MapGet("/runs/{run}/plan", () => MadeUpCluster.Plan);
        api.MapGet("/runs/{run}/result", () => new RunOutcome(null));
        api.MapPost("/runs/{run}/pause", (string run) => Results.Problem($"Run '{run}' cannot be paused now: its silo is about to end; try again.", statusCode: 503));
        api.MapGet("/models", () => new ModelList(MadeUpModels.All));
        api.MapGet("/models/{model}", (string model) => MadeUpModels.All.Single(one => one.Name == model));
        api.MapGet("/models/{model}/aliases", () => MadeUpModels.Registration);
        api.MapGet("/models/{model}/card", () => TypedResults.Text(MadeUpModels.Card, "text/markdown"));
        api.MapGet("/models/{model}/layers", (int rows) => MadeUpModels.Layers(rows));
        api.MapGet("/models/{model}/samples", (string model, int rows) => TypedResults.Bytes(MadeUpModels.Samples(model, rows)));
        api.MapPost("/models/{model}/log-densities", async (string model, HttpRequest request) => TypedResults.Bytes(await MadeUpModels.LogDensities(model, request.Body, request.HttpContext.RequestAborted)));
        api.MapGet("/datasets", () => new DatasetList([MadeUpModels.Dataset], 1_000_000, 4_000_000));
        api.MapGet("/datasets/{id}", () => MadeUpModels.Dataset);
        api.MapGet("/datasets/{id}/rows", (int rows) => MadeUpModels.Rows(rows));
        _app.MapGet("/v2/models/{model}", (string model) => new { name = model, versions = (string[])["1", "2"] });
        _app.MapPost("/v2/models/{model}/versions/{version}/infer", () => MadeUpModels.Verdict);
    }

    private Task Guard(HttpContext context, RequestDelegate next) =>
        _key is null || !context.Request.Path.StartsWithSegments("/api") || context.Request.Headers.Authorization == $"Bearer {_key}"
            ? next(context)
            : Results.Problem("This API wants a key; send one as Authorization: Bearer KEY.", statusCode: 401).ExecuteAsync(context);

    private async IAsyncEnumerable<SseItem<string>> Live([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (true)
        {
            yield return new(Json(_cluster.Overview), "cluster");
            yield return new(Json(_cluster.Runs), "runs");
            yield return new(Json(_cluster.Serving), "serving");
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellation);
            _cluster.Advance();
        }
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, ApiJson.Options);
}
