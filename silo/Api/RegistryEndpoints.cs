using System.Globalization;
using FlowGrain.Api;
using FlowGrain.Serving;
using FlowGrain.Silo.Security;
using FlowGrain.Training;
using Microsoft.AspNetCore.Mvc;

namespace FlowGrain.Silo.Api;

/// <summary>What versions of models are called, which requests they get, and their archives: below <c>/api/v1/models/{model}</c>.</summary>
internal static class RegistryEndpoints
{
    private const string Zip = "application/zip";

    internal static RouteGroupBuilder MapRegistry(this RouteGroupBuilder api)
    {
        var model = api.MapGroup("/models/{model}").WithTags("Models");
        model.MapGet("/aliases", (string model, ApiGrains grains, CancellationToken cancellation) => grains.Ask(() => grains.Model(model).Registration(), cancellation)).WithSummary("Aliases, traffic, and how they came about");
        model.MapPut("/aliases/{alias}", (string model, string alias, AliasOrder order, HttpContext context, ApiGrains grains, CancellationToken cancellation) =>
            grains.Ask(() => grains.Model(model).Point(alias, order.Version ?? throw new BadInputException("The body has no version; give the number or the alias that the alias shall name."), order.Expected, By(context), cancellation), cancellation)).WithSummary("Has an alias name a version, once every silo has loaded and tested it").ProducesProblem(StatusCodes.Status409Conflict);
        model.MapPost("/aliases/{alias}/rollback", RollBack).WithSummary("Has an alias name what it named before").ProducesProblem(StatusCodes.Status409Conflict);
        model.MapDelete("/aliases/{alias}", (string model, string alias, HttpContext context, ApiGrains grains, CancellationToken cancellation) =>
            grains.Ask(() => grains.Model(model).RemoveAlias(alias, By(context), cancellation), cancellation)).WithSummary("Removes an alias");
        model.MapPut("/traffic", (string model, TrafficRule rule, HttpContext context, ApiGrains grains, CancellationToken cancellation) =>
            grains.Ask(() => grains.Model(model).Route(rule.Alias is null ? throw new BadInputException("The body has no alias; give the one that gets the requests.") : rule, By(context), cancellation), cancellation)).WithSummary("Gives an alias a part of the requests, or has it shadow them");
        model.MapDelete("/traffic", (string model, HttpContext context, ApiGrains grains, CancellationToken cancellation) =>
            grains.Ask(() => grains.Model(model).Route(rule: null, By(context), cancellation), cancellation)).WithSummary("Gives the champion all requests again");
        model.MapGet("/archive", Export).WithSummary("A version as one zip file").GivesBytes("The archive.", Zip);
        model.MapPost("/archive", Import).WithSummary("Takes such a file as the next version").WithMetadata(new DisableRequestSizeLimitAttribute())
            .TakesBytes("The archive.", Zip).Produces<ModelDescription>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status507InsufficientStorage);
        return api;
    }

    /// <summary>Back from what it names now, or from what the client believes that it does.</summary>
    private static async Task<ModelRegistration> RollBack(string model, string alias, int? from, HttpContext context, ApiGrains grains, CancellationToken cancellation)
    {
        var now = await grains.Ask(() => grains.Model(model).Registration(), cancellation);
        if (!now.Aliases.TryGetValue(ModelAlias.Require(alias), out var version)) throw new NotFoundException($"Model '{model}' has no alias '{alias}' to roll back.");
        return await grains.Ask(() => grains.Model(model).RollBack(alias, from ?? version, By(context), cancellation), cancellation);
    }

    private static async Task<IResult> Export(string model, string? version, ModelArchives archives)
    {
        var (archive, name) = await Task.Run(() => archives.Pack(model, version));
        return TypedResults.Stream(archive, Zip, name);
    }

    private static async Task<IResult> Import(string model, HttpRequest request, ModelArchives archives, ApiGrains grains, CancellationToken cancellation)
    {
        RunName.Require(model);
        var imported = await archives.Keep(request.Body, path => grains.Ask(() => grains.Model(model).Import(path, cancellation), cancellation), cancellation);
        return TypedResults.Created(string.Create(CultureInfo.InvariantCulture, $"{ApiHosting.Root}/models/{model}?version={imported.Version}"), imported);
    }

    private static string? By(HttpContext context) => context.Features.Caller()?.Name;
}
