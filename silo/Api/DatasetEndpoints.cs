using FlowGrain.Api;
using FlowGrain.Data;
using Microsoft.AspNetCore.Mvc;

namespace FlowGrain.Silo.Api;

/// <summary>Files to read: <c>/api/v1/datasets</c>.</summary>
internal static class DatasetEndpoints
{
    internal static RouteGroupBuilder MapDatasets(this RouteGroupBuilder api)
    {
        var datasets = api.MapGroup("/datasets");
        datasets.MapGet("/", async (ApiGrains grains, CancellationToken cancellation) => new DatasetList(await grains.Ask(() => grains.Inventory.Datasets(), cancellation)));
        datasets.MapGet("/{id}", (string id, ApiGrains grains, CancellationToken cancellation) => grains.Ask(() => grains.Inventory.Dataset(id), cancellation));
        datasets.MapDelete("/{id}", async (string id, ApiGrains grains, CancellationToken cancellation) =>
        {
            await grains.Ask(() => grains.Inventory.DeleteDataset(id), cancellation);
            return TypedResults.NoContent();
        });
        datasets.MapGet("/file", (string path, Uploads uploads) => uploads.Seen(Selections.FullPath(path)));
        datasets.MapGet("/uploads/{sha256}/{name}", (string sha256, string name, Uploads uploads) => uploads.Find(sha256, name));
        datasets.MapPut("/uploads/{sha256}/{name}", async (string sha256, string name, HttpRequest request, Uploads uploads, CancellationToken cancellation) =>
            TypedResults.Ok(await uploads.Take(sha256, name, request.Body, cancellation))).WithMetadata(new DisableRequestSizeLimitAttribute());
        datasets.MapDelete("/uploads/{sha256}", (string sha256, Uploads uploads) =>
        {
            uploads.Delete(sha256);
            return TypedResults.NoContent();
        });
        datasets.MapPost("/inspect", Inspect);
        datasets.MapPost("/import", Import);
        return api;
    }

    private static LongAnswer<DataInspection> Inspect(InspectionOrder order, ApiGrains grains)
    {
        var dataset = grains.Dataset(Selections.FullPath(order.Path));
        return grains.Long(dataset.Inspect, dataset.Reading);
    }

    private static LongAnswer<DatasetSummary> Import(DataSelection selection, ApiGrains grains)
    {
        var complete = Selections.Require(selection);
        var dataset = grains.Dataset(complete.Path);
        return grains.Long(cancellation => dataset.Import(complete, cancellation), dataset.Reading);
    }
}
