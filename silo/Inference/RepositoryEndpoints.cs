using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using FlowGrain.Serving;
using FlowGrain.Silo.Api;
using FlowGrain.Silo.Security;

namespace FlowGrain.Silo.Inference;

/// <summary>
/// The model repository and statistics extensions: which models there are, loading and unloading them, what they have answered.
/// Source: Triton's extension_model_repository.md and extension_statistics.md.
/// </summary>
internal static class RepositoryEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1); // with versions that were not tried yet

    private const string Ignored = "It may be left out, and nothing of it is looked at."; // it loads models from elsewhere, and the registry is the only place here

    internal static RouteGroupBuilder MapRepository(this RouteGroupBuilder root)
    {
        root.MapPost("/repository/index", Index).WithSummary("Every version of every model, and whether it answers").MayTake(typeof(IndexOrder), "Which to list; without it all.");
        root.MapPost("/repository/models/{model}/load", (string model, HttpContext context, ApiGrains grains, CancellationToken cancellation) => Serve(model, isLoaded: true, context, grains, cancellation)).WithSummary("Has a model answer requests").MayTake(typeof(LoadOrder), Ignored).Produces(StatusCodes.Status200OK);
        root.MapPost("/repository/models/{model}/unload", (string model, HttpContext context, ApiGrains grains, CancellationToken cancellation) => Serve(model, isLoaded: false, context, grains, cancellation)).WithSummary("Has a model answer no more requests").MayTake(typeof(LoadOrder), Ignored).Produces(StatusCodes.Status200OK);
        root.MapGet("/models/stats", (ModelStore store, ModelStatistics statistics) => new StatisticsAnswer([.. store.Names().SelectMany(name => Of(name, store.Versions(name), statistics))])).WithSummary("What every version has answered on this silo");
        root.MapGet("/models/{model}/stats", (string model, ServedModels models, ModelStatistics statistics) => new StatisticsAnswer(Of(model, models.Versions(model), statistics))).WithSummary("What the versions of a model have answered on this silo");
        root.MapGet("/models/{model}/versions/{version}/stats", (string model, string version, ServedModels models, ModelStatistics statistics) => new StatisticsAnswer(Of(model, [models.Get(model).Version(version)], statistics))).WithSummary("What a version has answered on this silo");
        return root;
    }

    /// <summary>Every version of every model, by name; with <c>ready</c> those alone that answer.</summary>
    private static async Task<ImmutableArray<IndexLine>> Index(HttpRequest request, ModelStore store, KnownModels known, ModelEngines engines, ModelTrials trials)
    {
        var isReady = (await Read(request))?.Ready == true;
        await trials.TryAll(Patience, request.HttpContext.RequestAborted);
        return await Task.Run(() => store.Names().SelectMany(name => Lines(store, known, engines, name)).Where(line => !isReady || line.State == IndexLine.IsReady).ToImmutableArray());
    }

    /// <summary>The body, which may be none, and whose type clients may not tell.</summary>
    private static async Task<IndexOrder?> Read(HttpRequest request)
    {
        using var body = new StreamReader(request.Body);
        var text = await body.ReadToEndAsync(request.HttpContext.RequestAborted);
        try
        {
            return text == "" ? null : JsonSerializer.Deserialize<IndexOrder>(text, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            throw new BadInputException("The body is not what it may be, {\"ready\": true} or {\"ready\": false}; correct it.");
        }
    }

    /// <summary>A model whose registry is damaged hides no other.</summary>
    private static ImmutableArray<IndexLine> Lines(ModelStore store, KnownModels known, ModelEngines engines, string name)
    {
        try
        {
            var model = known.Get(name);
            return [.. model.Versions.Select(version => Line(name, version, engines, model.Registration.IsUnloaded ? "unloaded" : engines.Trials.Fault(name, version) ?? ModelDescriptions.OfAny(store, name, version).Damage))];
        }
        catch (BadInputException damaged)
        {
            return [.. store.Versions(name).Select(version => Line(name, version, engines, damaged.Message))];
        }
    }

    private static IndexLine Line(string name, int version, ModelEngines engines, string? fault) => new(
        name, version.ToString(CultureInfo.InvariantCulture),
        fault is not null ? "UNAVAILABLE" : engines.Trials.IsSound(name, version) ? IndexLine.IsReady : "LOADING",
        fault ?? (engines.Trials.IsSound(name, version) ? "" : "not tested on this silo yet"));

    private static async Task<IResult> Serve(string model, bool isLoaded, HttpContext context, ApiGrains grains, CancellationToken cancellation)
    {
        await grains.Ask(() => grains.Model(model).Serve(isLoaded, context.Features.Caller()?.Name, cancellation), cancellation);
        return TypedResults.Ok();
    }

    private static ImmutableArray<VersionAnswer> Of(string name, ImmutableArray<int> versions, ModelStatistics statistics) => [.. versions.Select(version =>
    {
        var of = statistics.Of(name, version);
        return new VersionAnswer(
            name, version.ToString(CultureInfo.InvariantCulture), of.Last, of.Rows, of.Batches,
            new DurationsAnswer(Sum(of.Success), Sum(of.Fail), Sum(of.Queue), new(0, 0), Sum(of.Compute), new(0, 0), new(0, 0), new(0, 0)), []);
    })];

    private static DurationAnswer Sum(DurationSum sum) => new(sum.Count, (long)sum.Time.TotalNanoseconds);
}

/// <summary>Which models to list.</summary>
/// <param name="Ready">Whether only those that answer.</param>
internal sealed record IndexOrder(bool Ready = false);

/// <summary>How a model is loaded, for the API's description.</summary>
/// <param name="Parameters">Where from; nothing but the registry is known here.</param>
internal sealed record LoadOrder(JsonElement? Parameters = null);

/// <summary>A version in the list.</summary>
/// <param name="Name">The model.</param>
/// <param name="Version">The version.</param>
/// <param name="State">READY once it has passed its self-test on this silo, LOADING before, UNAVAILABLE where it does not answer.</param>
/// <param name="Reason">Why it does not answer; empty where it does.</param>
internal sealed record IndexLine(string Name, string Version, string State, string Reason)
{
    internal const string IsReady = "READY";
}

/// <summary>What models have answered on this silo since it started.</summary>
internal sealed record StatisticsAnswer([property: JsonPropertyName("model_stats")] ImmutableArray<VersionAnswer> ModelStats);

/// <summary>What a version has answered.</summary>
/// <param name="Name">The name that it is asked by.</param>
/// <param name="Version">The version.</param>
/// <param name="LastInference">When it answered last, milliseconds of Unix time; 0 for never.</param>
/// <param name="InferenceCount">Rows computed.</param>
/// <param name="ExecutionCount">Batches that they were computed in.</param>
/// <param name="InferenceStats">How long it took.</param>
/// <param name="BatchStats">By size of batch; not counted here.</param>
internal sealed record VersionAnswer(
    string Name,
    string Version,
    [property: JsonPropertyName("last_inference")] long LastInference,
    [property: JsonPropertyName("inference_count")] long InferenceCount,
    [property: JsonPropertyName("execution_count")] long ExecutionCount,
    [property: JsonPropertyName("inference_stats")] DurationsAnswer InferenceStats,
    [property: JsonPropertyName("batch_stats")] ImmutableArray<int> BatchStats);

/// <summary>Durations, as the extension names them; what has no part of its own here is 0.</summary>
internal sealed record DurationsAnswer(
    DurationAnswer Success,
    DurationAnswer Fail,
    DurationAnswer Queue,
    [property: JsonPropertyName("compute_input")] DurationAnswer ComputeInput,
    [property: JsonPropertyName("compute_infer")] DurationAnswer ComputeInfer,
    [property: JsonPropertyName("compute_output")] DurationAnswer ComputeOutput,
    [property: JsonPropertyName("cache_hit")] DurationAnswer CacheHit,
    [property: JsonPropertyName("cache_miss")] DurationAnswer CacheMiss);

/// <summary>How often, and how many nanoseconds in all.</summary>
internal sealed record DurationAnswer(long Count, long Ns);
