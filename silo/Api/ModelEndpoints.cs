using System.Runtime.InteropServices;
using FlowGrain.Api;
using FlowGrain.Serving;
using FlowGrain.Silo.Api.Sampling;
using FlowGrain.Silo.Inference;
using FlowGrain.Silo.Security;

namespace FlowGrain.Silo.Api;

/// <summary>Models: <c>/api/v1/models</c>. Rows to score and log-densities travel as little-endian numbers, row after row.</summary>
internal static class ModelEndpoints
{
    private const string Binary = ApiBodies.Octets;

    internal static RouteGroupBuilder MapModels(this RouteGroupBuilder api)
    {
        var models = api.MapGroup("/models").WithTags("Models");
        models.MapGet("/", async (ApiGrains grains, CancellationToken cancellation) => new ModelList(await grains.Ask(() => grains.Inventory.Models(), cancellation)))
            .WithSummary("The newest version of every model, and those that aliases name");
        models.MapGet("/{model}", (string model, string? version, ApiGrains grains, CancellationToken cancellation) =>
            grains.Ask(() => grains.Model(model).Describe(version), cancellation)).WithSummary("One version: a number, an alias, or the one that answers");
        models.MapGet("/{model}/losses", async (string model, string? version, ApiGrains grains, CancellationToken cancellation) =>
            new LossList(await grains.Ask(() => grains.Model(model).Losses(version), cancellation))).WithSummary("The losses of the run that made a version");
        models.MapGet("/{model}/card", async (string model, string? version, ApiGrains grains, CancellationToken cancellation) =>
            TypedResults.Text(await grains.Ask(() => grains.Model(model).Card(version), cancellation), "text/markdown"))
            .WithSummary("The page of a version for people, Markdown").GivesText("The page.", "text/markdown");
        models.MapGet("/{model}/layers", Layers).WithSummary("Two coordinates of draws as each layer of the flow has them, from the base to the data");
        models.MapSamples();
        models.MapPost("/{model}/log-densities", LogDensities).WithSummary("Log-densities (little-endian float32) of rows (little-endian float64)")
            .TakesBytes("Rows, little-endian float64: the modelled columns, then the context.").GivesBytes("A log-density a row, little-endian float32.", Binary);
        models.MapPost("/{model}/latents", Latents).WithSummary("What the flow makes of rows (little-endian float64) in its base (little-endian float32)")
            .TakesBytes("Rows, little-endian float64: the modelled columns, then the context.").GivesBytes("The coordinates of the base, a row after the other, little-endian float32.", Binary);
        models.MapDelete("/{model}", async (string model, int? version, HttpContext context, ApiGrains grains, CancellationToken cancellation) =>
        {
            await grains.Ask(() => grains.Model(model).Delete(version, context.Features.Caller()?.Name, cancellation), cancellation);
            return TypedResults.NoContent();
        }).WithSummary("Removes a version, or all; none while an alias names one of them");
        return api;
    }

    private static async Task<IResult> LogDensities(string model, string? version, bool? look, HttpRequest request, ApiGrains grains, ServedModels served, CancellationToken cancellation)
    {
        var (known, rows) = await Rows(model, version, request, grains, cancellation);
        var densities = look == true
            ? (await served.LookAt(model, known.Version)).Batches.LogDensity(rows, latent: false, patience: null, cancellation)
            : grains.Ask(() => grains.Replica(model, known.Version).LogDensity(rows, latent: false, cancellation), cancellation);
        return Floats((await densities).LogDensity);
    }

    private static async Task<IResult> Latents(string model, string? version, HttpRequest request, ApiGrains grains, CancellationToken cancellation)
    {
        var (known, rows) = await Rows(model, version, request, grains, cancellation);
        return Floats((await grains.Ask(() => grains.Replica(model, known.Version).LogDensity(rows, latent: true, cancellation), cancellation)).Latent!);
    }

    private static async Task<(ModelDescription Model, Block<double> Rows)> Rows(string model, string? version, HttpRequest request, ApiGrains grains, CancellationToken cancellation)
    {
        var known = await grains.Ask(() => grains.Model(model).Describe(version), cancellation);
        return (known, new Block<double>(await Numbers(request, RowBytes(known), cancellation)));
    }

    private static IResult Floats(Block<float> numbers) => TypedResults.Bytes(MemoryMarshal.AsBytes(numbers.Span).ToArray(), Binary);

    private static async Task<LayerList> Layers(string model, string? version, int? rows, long? seed, int? x, int? y, double[]? context, ApiGrains grains, CancellationToken cancellation)
    {
        const int Enough = 2000; // for a picture

        var known = await grains.Ask(() => grains.Model(model).Describe(version), cancellation);
        var request = new SampleRequest(First: 0, rows ?? Enough, seed ?? 0, new Block<double>(context ?? []));
        var (first, second) = (x ?? 0, y ?? Math.Min(1, known.Columns.Length - 1));
        var layers = await grains.Ask(() => grains.Replica(model, known.Version).Layers(request, first, second, cancellation), cancellation);
        return new LayerList([.. layers.Select(LayerPoints.Of)]);
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
