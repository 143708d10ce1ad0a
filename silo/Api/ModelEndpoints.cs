using System.Runtime.InteropServices;
using FlowGrain.Api;
using FlowGrain.Serving;
using FlowGrain.Silo.Api.Sampling;

namespace FlowGrain.Silo.Api;

/// <summary>Models: <c>/api/v1/models</c>. Rows to score and log-densities travel as little-endian numbers, row after row.</summary>
internal static class ModelEndpoints
{
    private const string Binary = "application/octet-stream";

    internal static RouteGroupBuilder MapModels(this RouteGroupBuilder api)
    {
        var models = api.MapGroup("/models").WithTags("Models");
        models.MapGet("/", async (ApiGrains grains, CancellationToken cancellation) => new ModelList(await grains.Ask(() => grains.Inventory.Models(), cancellation))).WithSummary("The newest version of every model, and those that aliases name");
        models.MapGet("/{model}", (string model, string? version, ApiGrains grains, CancellationToken cancellation) => grains.Ask(() => grains.Model(model).Describe(version), cancellation)).WithSummary("One version: a number, an alias, or the one that answers");
        models.MapGet("/{model}/losses", async (string model, string? version, ApiGrains grains, CancellationToken cancellation) =>
            new LossList(await grains.Ask(() => grains.Model(model).Losses(version), cancellation))).WithSummary("The losses of the run that made a version");
        models.MapSamples();
        models.MapPost("/{model}/log-densities", LogDensities).WithSummary("Log-densities (little-endian float32) of rows (little-endian float64)");
        models.MapDelete("/{model}", async (string model, int? version, ApiGrains grains, CancellationToken cancellation) =>
        {
            await grains.Ask(() => grains.Model(model).Delete(version), cancellation);
            return TypedResults.NoContent();
        }).WithSummary("Removes a version, or all");
        return api;
    }

    private static async Task<IResult> LogDensities(string model, string? version, HttpRequest request, ApiGrains grains, CancellationToken cancellation)
    {
        var known = await grains.Ask(() => grains.Model(model).Describe(version), cancellation);
        var rows = new Block<double>(await Numbers(request, RowBytes(known), cancellation));
        var densities = await grains.Ask(() => grains.Replica(model, known.Version).LogDensity(rows, latent: false, cancellation), cancellation);
        return TypedResults.Bytes(MemoryMarshal.AsBytes(densities.LogDensity.Span).ToArray(), Binary);
    }

    private static int RowBytes(ModelDescription model) => sizeof(double) * (model.Columns.Length + model.Context.Length);

    private static async Task<double[]> Numbers(HttpRequest request, int rowBytes, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellation);
        return body.Length > 0 && body.Length % rowBytes == 0
            ? MemoryMarshal.Cast<byte, double>(body.GetBuffer().AsSpan(0, (int)body.Length)).ToArray()
            : throw new BadInputException($"The body has {body.Length} bytes; a row of this model has {rowBytes}, 8 a number, the modelled columns and then the context.");
    }
}
