using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FlowGrain.Api;
using FlowGrain.Training;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FlowGrain.Tests.Silo.Page;

/// <summary>What the page asks for, answered from what is made up.</summary>
internal sealed class MadeUpApi(MadeUpCluster cluster)
{
    private readonly MadeUpRegistry _registry = new();

    internal void Map(IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1");
        api.MapGet("/", (HttpContext context) => new ApiRoot("flowgrain", "0.1.0+made-up", PageHost.IsLooking(context) ? "viewer" : "operator"));
        api.MapGet("/live", () => TypedResults.ServerSentEvents(Live()));
        MapRuns(api.MapGroup("/runs/{run}"));
        api.MapGet("/models", () => new ModelList(MadeUpModels.All));
        MapModel(api.MapGroup("/models/{model}"));
        api.MapGet("/datasets", () => new DatasetList([.. MadeUpModels.Datasets[..2], .. MadeUpModels.Datasets[2..][..cluster.Imports]], 2_000_000, 4_000_000));
        api.MapGet("/datasets/{id}", (string id) => MadeUpModels.Datasets.Single(one => one.Id == id));
        api.MapGet("/datasets/{id}/rows", (string id, int rows) => MadeUpModels.Rows(id, rows));
        app.MapGet("/v2/models/{model}", (string model) => new { name = model, versions = (string[])["1", "2"] });
        app.MapPost("/v2/models/{model}/versions/{version}/infer", (string model) => model == "given.detect" ? MadeUpModels.NoVerdict : MadeUpModels.Verdict);
    }

    private void MapRuns(RouteGroupBuilder run)
    {
        run.MapGet("", (string run, int? version) => Found(run, version));
        run.MapGet("/series", (string run) => cluster.Progress(run) is null ? NoRun(run) : Results.Json(cluster.Series(run), ApiJson.Options));
        run.MapGet("/round", (string run, int? version) => cluster.RoundOf(run, version));
        run.MapGet("/plan", (string run, int? version) => MadeUpCluster.Plan(run, version));
        run.MapGet("/result", (string run, int? version) => cluster.Result(run, version));
        run.MapPost("/pause", (string run) => run == "run-0" ? Results.Problem("Run 'run-0' cannot be paused now: its silo is about to end; try again.", statusCode: 503) : Told(run, RunPhase.Stopped));
        run.MapPost("/cancel", (string run) => Told(run, RunPhase.Stopped));
        run.MapPost("/resume", (string run) => Told(run, RunPhase.Training));
    }

    private void MapModel(RouteGroupBuilder model)
    {
        model.MapGet("", (string model) => MadeUpModels.All.Single(one => one.Name == model) with { Version = cluster.VersionOf(model) });
        model.MapGet("/aliases", () => _registry.State);
        model.MapPut("/aliases/{alias}", _registry.Point);
        model.MapPost("/aliases/{alias}/rollback", _registry.RollBack);
        model.MapDelete("/aliases/{alias}", _registry.Remove);
        model.MapGet("/card", () => TypedResults.Text(MadeUpModels.Card, "text/markdown"));
        model.MapGet("/layers", MadeUpModels.Layers);
        model.MapGet("/samples", (string model, int rows) => TypedResults.Bytes(MadeUpModels.Samples(model, rows)));
        model.MapPost("/log-densities", async (string model, HttpRequest request) => TypedResults.Bytes(await MadeUpModels.LogDensities(model, request.Body, request.HttpContext.RequestAborted)));
    }

    private IResult Told(string run, RunPhase phase)
    {
        cluster.Tell(run, phase);
        return Found(run, version: null);
    }

    private IResult Found(string run, int? version) => cluster.Progress(run, version) is { } progress
        ? Results.Json(progress, ApiJson.Options)
        : NoRun(run);

    private static IResult NoRun(string run) => Results.Problem($"There is no run '{run}'; GET /api/v1/runs lists them.", statusCode: 404);

    private async IAsyncEnumerable<SseItem<string>> Live([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (true)
        {
            while (cluster.IsSilent) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellation);
            yield return new(Json(cluster.Overview), "cluster");
            yield return new(Json(cluster.Runs), "runs");
            yield return new(Json(cluster.Serving), "serving");
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellation);
            cluster.Advance();
        }
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, ApiJson.Options);
}
