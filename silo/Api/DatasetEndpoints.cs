using FlowGrain.Api;
using FlowGrain.Data;
using Microsoft.AspNetCore.Mvc;

namespace FlowGrain.Silo.Api;

/// <summary>Data sets, and the files that they come from: <c>/api/v1/datasets</c>.</summary>
internal static class DatasetEndpoints
{
    internal static RouteGroupBuilder MapDatasets(this RouteGroupBuilder api)
    {
        var datasets = api.MapGroup("/datasets").WithTags("Data");
        datasets.MapGet("/", List).WithSummary("Every imported data set, newest first");
        datasets.MapGet("/{id}", (string id, ApiGrains grains, CancellationToken cancellation) => grains.Ask(() => grains.Inventory.Dataset(id), cancellation)).WithSummary("One data set, with the statistics of its columns");
        datasets.MapGet("/{id}/rows", Rows).WithSummary("Some rows of a data set, spread over all of it");
        datasets.MapDelete("/{id}", async (string id, ApiGrains grains, CancellationToken cancellation) =>
        {
            await grains.Ask(() => grains.Inventory.DeleteDataset(id), cancellation);
            return TypedResults.NoContent();
        }).WithSummary("Removes an imported data set; its file stays");
        datasets.MapGet("/file", (string path, Uploads uploads) => uploads.Seen(Selections.FullPath(path))).WithSummary("Whether the silos see a file, how large it is and when it was written");
        datasets.MapPost("/", (string name, HttpRequest request, Uploads uploads, CancellationToken cancellation) => uploads.Take(name, request.Body, cancellation)).WithSummary("Uploads a file in one go")
            .WithMetadata(new DisableRequestSizeLimitAttribute()).TakesBytes("The file.").ProducesProblem(StatusCodes.Status507InsufficientStorage);
        datasets.MapPost("/uploads", (UploadOrder order, Uploads uploads) => Task.Run(() => uploads.Announce(order))).WithSummary("Begins or goes on with an upload of files in blocks").ProducesProblem(StatusCodes.Status507InsufficientStorage);
        datasets.MapPut("/uploads/{id}/{sha256}", async (string id, string sha256, HttpRequest request, Uploads uploads, CancellationToken cancellation) =>
        {
            await uploads.Take(id, sha256, request.Body, request.ContentLength, cancellation);
            return TypedResults.NoContent();
        }).WithSummary("Takes a block of an upload").WithMetadata(new RequestSizeLimitAttribute(UploadFile.BlockBytes))
            .TakesBytes("The block.").ProducesProblem(StatusCodes.Status507InsufficientStorage);
        datasets.MapDelete("/uploads/{id}", (string id, Uploads uploads) =>
        {
            uploads.Delete(id);
            return TypedResults.NoContent();
        }).WithSummary("Removes an upload");
        datasets.MapPost("/inspect", Inspect).WithSummary("Reads a file and says what training would do with its columns");
        datasets.MapPost("/import", Import).WithSummary("Reads a file into blocks that later jobs share").ProducesProblem(StatusCodes.Status507InsufficientStorage);
        return api;
    }

    private static async Task<DatasetList> List(ApiGrains grains, CancellationToken cancellation)
    {
        var storage = await grains.Ask(() => grains.Inventory.Storage(), cancellation);
        return new(await grains.Ask(() => grains.Inventory.Datasets(), cancellation), storage.Data, storage.DataQuota);
    }

    private static async Task<RowList> Rows(string id, int? rows, long? seed, ApiGrains grains, CancellationToken cancellation)
    {
        const int Enough = 2000; // for a picture

        return RowList.Of(await grains.Ask(() => grains.Inventory.DatasetRows(id, rows ?? Enough, seed ?? 0), cancellation));
    }

    private static LongAnswer<DataInspection> Inspect(DataSelection selection, ApiGrains grains)
    {
        var complete = Selections.Require(selection);
        var dataset = grains.Dataset(complete.Path);
        return grains.Long(cancellation => dataset.Inspect(complete, cancellation), dataset.Reading);
    }

    private static LongAnswer<DatasetSummary> Import(DataSelection selection, ApiGrains grains)
    {
        var complete = Selections.Require(selection);
        var dataset = grains.Dataset(complete.Path);
        return grains.Long(cancellation => dataset.Import(complete, cancellation), dataset.Reading);
    }
}
