using System.Collections.Immutable;
using FlowGrain.Api;
using FlowGrain.Training;

namespace FlowGrain.Silo.Api;

/// <summary>Runs: <c>/api/v1/runs</c>.</summary>
internal static class RunEndpoints
{
    internal static RouteGroupBuilder MapRuns(this RouteGroupBuilder api)
    {
        var runs = api.MapGroup("/runs").WithTags("Runs");
        runs.MapGet("/", async (ApiGrains grains, CancellationToken cancellation) => new RunList(await grains.Ask(() => grains.Inventory.Runs(), cancellation))).WithSummary("Every run, newest first");
        runs.MapPut("/{run}", (string run, TrainingPlan plan, ApiGrains grains) => Start(run, plan with { Data = Selections.Require(plan.Data) }, grains)).WithSummary("Trains; the same plan again goes on with it").ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status507InsufficientStorage);
        runs.MapGet("/{run}", Progress).WithSummary("Where a run is");
        runs.MapGet("/{run}/events", Events).WithSummary("Where a run is, as it happens (server-sent events)").GivesText("Events: progress, and alive while there is none.", ApiBodies.Events);
        runs.MapGet("/{run}/logs", Logs).WithSummary("What was said of a run on every silo; as server-sent events, also what is said until it is at rest").Produces<RunLogList>();
        runs.MapGet("/{run}/result", async (string run, int? version, ApiGrains grains, CancellationToken cancellation) => new RunOutcome(await Result(run, version, grains, cancellation))).WithSummary("What a run came to; null until it has finished");
        runs.MapGet("/{run}/history", async (string run, ApiGrains grains, CancellationToken cancellation) => new LossList(await grains.Ask(() => grains.Run(run).History(), cancellation))).WithSummary("The losses of a run, oldest first");
        runs.MapGet("/{run}/series", Series).WithSummary("How a run went: losses, rates, validations, and what befell it, a thousand points at most");
        runs.MapGet("/{run}/plan", Plan).WithSummary("The plan of a run, as PUT takes it");
        runs.MapGet("/{run}/round", Round).WithSummary("The round that was traced last, part by part over all silos; null where none was yet");
        runs.MapGet("/{run}/test", (string run, ApiGrains grains) => grains.Long(cancellation => grains.Run(run).Test(cancellation))).WithSummary("Measures a finished run on its test rows");
        runs.MapPost("/{run}/pause", Stop).WithSummary("Stops a run after its round, with a checkpoint");
        runs.MapPost("/{run}/cancel", Stop).WithSummary("Stops a run after its round, with a checkpoint");
        runs.MapPost("/{run}/resume", Resume).WithSummary("Has a stopped run go on").ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status507InsufficientStorage);
        runs.MapDelete("/{run}", async (string run, ApiGrains grains, CancellationToken cancellation) =>
        {
            await grains.Ask(() => grains.Run(run).Delete(), cancellation);
            return TypedResults.NoContent();
        }).WithSummary("Removes a run's journal, log and checkpoints; its models stay");
        return api;
    }

    private static LongAnswer<RunProgress> Start(string run, TrainingPlan plan, ApiGrains grains)
    {
        var grain = grains.Run(run);
        return grains.Long(cancellation => grain.Start(plan, cancellation), () => grains.Dataset(plan.Data.Path).Reading());
    }

    // Either keeps the checkpoint, and the same plan goes on.
    private static async Task<LongAnswer<RunProgress>> Stop(string run, ApiGrains grains, CancellationToken cancellation)
    {
        await Progress(run, version: null, grains, cancellation);
        return grains.Long(_ => grains.Run(run).Stop());
    }

    private static LongAnswer<RunProgress> Resume(string run, bool? acceptClass, ApiGrains grains)
    {
        var grain = grains.Run(run);
        return grains.Long(cancellation => grain.Resume(acceptClass ?? false, cancellation));
    }

    private static async Task<RunProgress> Progress(string run, int? version, ApiGrains grains, CancellationToken cancellation)
    {
        var grain = grains.Run(run);
        if (version is { } one) return (await Version(run, one, grains, cancellation)).Progress;
        var progress = await grains.Ask(grain.Progress, cancellation);
        return progress is { Phase: RunPhase.Idle, Version: 0 } ? throw NoSuch(run) : progress;
    }

    private static NotFoundException NoSuch(string run) => new($"There is no run '{run}'; GET {ApiHosting.Root}/runs lists them.");

    private static Task<RunStanding> Version(string run, int version, ApiGrains grains, CancellationToken cancellation) => grains.Ask(() => grains.Run(run).Version(version), cancellation);

    private static async Task<RunResult?> Result(string run, int? version, ApiGrains grains, CancellationToken cancellation) => version is { } one
        ? (await Version(run, one, grains, cancellation)).Result
        : await grains.Ask(() => grains.Run(run).Result(), cancellation);

    private static async Task<RunSeries> Series(string run, int? version, ApiGrains grains, CancellationToken cancellation)
    {
        await Progress(run, version, grains, cancellation);
        return await grains.Ask(() => grains.Run(run).Series(version), cancellation);
    }

    private static async Task<TrainingPlan> Plan(string run, int? version, ApiGrains grains, CancellationToken cancellation) => version is { } one
        ? (await Version(run, one, grains, cancellation)).Plan
        : await grains.Ask(() => grains.Run(run).Plan(), cancellation) ?? throw NoSuch(run);

    private static async Task<IResult> Logs(string run, HttpRequest request, ApiGrains grains, IHostApplicationLifetime life, CancellationToken cancellation)
    {
        if (request.AcceptsEvents()) return life.Events(new RunLogEvents(run, grains).Read());
        var lines = ImmutableArray.CreateBuilder<RunLogLine>();
        await foreach (var read in grains.ReadLog(run, follow: false, cancellation)) lines.AddRange(read);
        return TypedResults.Ok(new RunLogList(lines.ToImmutable()));
    }

    private static async Task<TracedRound?> Round(string run, int? version, ApiGrains grains, CancellationToken cancellation)
    {
        await Progress(run, version, grains, cancellation);
        var round = await grains.Ask(() => grains.Inventory.Round(run), cancellation);
        return version is null || round?.Version == version ? round : null;
    }

    private static async Task<IResult> Events(string run, ApiGrains grains, IHostApplicationLifetime life, CancellationToken cancellation)
    {
        await Progress(run, version: null, grains, cancellation);
        return life.Events(new RunEvents(grains.Run(run), grains).Read());
    }
}
