using FlowGrain.Serving;
using FlowGrain.Silo.Inference;

namespace FlowGrain.Silo.Api.Sampling;

/// <summary>Rows drawn from a model: <c>/api/v1/models/{model}/samples</c>.</summary>
internal static class SampleEndpoint
{
    internal static RouteGroupBuilder MapSamples(this RouteGroupBuilder models)
    {
        models.MapGet("/{model}/samples", Samples).WithSummary("Draws rows and sends them as they are drawn: little-endian float64, or a JSON object a line for who accepts application/x-ndjson")
            .GivesBytes("The rows, as they are drawn.", ByteRows.Media, JsonRows.Media).ProducesProblem(StatusCodes.Status406NotAcceptable);
        return models;
    }

    private static async Task<IResult> Samples(
        string model, string? version, long rows, long? first, long? seed, double[]? context, bool? look,
        HttpRequest request, ApiGrains grains, ServedModels served, IHostApplicationLifetime life, TimeProvider clock, ILogger<SampleStream> logger, CancellationToken cancellation)
    {
        var draws = DrawRange.Require(first ?? 0, rows);
        var known = await grains.Ask(() => grains.Model(model).Describe(version), cancellation); // a number from here on: what an alias names may move
        var (replica, given) = (grains.Replica(model, known.Version), new Block<double>(context ?? []));
        var looked = look == true ? await served.LookAt(model, known.Version) : null;
        return new SampleStream(known, draws, RowFormat.Of(request, known), looked is null ? Draw : Look, clock, life.ApplicationStopping, logger);

        Task<Block<double>> Draw(long from, int count, CancellationToken either) =>
            grains.Ask(() => replica.Sample(new SampleRequest(from, count, seed ?? 0, given), either), either);

        Task<Block<double>> Look(long from, int count, CancellationToken either) =>
            looked!.Sample(new SampleRequest(from, count, seed ?? 0, given), patience: null, either);
    }
}
