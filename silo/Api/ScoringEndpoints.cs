using FlowGrain.Api;
using FlowGrain.Serving;
using FlowGrain.Training;

namespace FlowGrain.Silo.Api;

/// <summary>Bulk jobs: <c>/api/v1/scorings</c>, <c>/api/v1/detections</c> and <c>/api/v1/evaluations</c> over a file, <c>/api/v1/verifications</c> over the rounds of a run.</summary>
internal static class ScoringEndpoints
{
    internal static RouteGroupBuilder MapScorings(this RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("").WithTags("Bulk jobs");
        jobs.MapPost("/scorings", Score).WithSummary("Scores every row of a file, as a job of the cluster").ProducesProblem(StatusCodes.Status507InsufficientStorage).ProducesProblem(StatusCodes.Status404NotFound);
        jobs.MapGet("/scorings/{output}", (string output, ScoreFiles files) => TypedResults.PhysicalFile(files.Find(output), ApiBodies.Octets, output, enableRangeProcessing: true)).WithSummary("Downloads scores").GivesBytes("The file, csv, parquet or npy.", ApiBodies.Octets);
        jobs.MapGet("/scorings/{output}/{part}", (string output, string part, ScoreFiles files) => TypedResults.PhysicalFile(files.Find(output, part), ApiBodies.Octets, part, enableRangeProcessing: true)).WithSummary("Downloads a part of scores").GivesBytes("The part, csv, parquet or npy.", ApiBodies.Octets);
        jobs.MapDelete("/scorings/{output}", (string output, ScoreFiles files) =>
        {
            files.Remove(output);
            return TypedResults.NoContent();
        }).WithSummary("Removes scores");
        jobs.MapPost("/detections", Detect).WithSummary("Finds the rows of a file that a model holds for anomalous").ProducesProblem(StatusCodes.Status507InsufficientStorage).ProducesProblem(StatusCodes.Status404NotFound);
        jobs.MapPost("/evaluations", Evaluate).WithSummary("Measures a model on the rows of a file").ProducesProblem(StatusCodes.Status404NotFound);
        jobs.MapPost("/verifications", Verify).WithSummary("Makes rounds of a run again and compares their hashes").ProducesProblem(StatusCodes.Status404NotFound);
        return api;
    }

    private static async Task<LongAnswer<ScoringAnswer>> Score(ScoringOrder order, ApiGrains grains, ScoreFiles files, CancellationToken cancellation)
    {
        ScoreFiles.RequireFormat(order.Format);
        var version = await grains.Version(order.Model, order.Version, cancellation);
        var unwritten = new ScoringPlan(order.Model, version, Selections.FullPath(order.Data), order.Missing, Output: null, order.Latent) { Carry = order.Carry, DequantiseDraws = order.DequantiseDraws };
        var output = order.Format is not { } format ? null : order.InParts ? files.FolderOf(unwritten.Job(), format) : files.Of(unwritten.Job(), format);
        var plan = unwritten with { Output = output };
        var job = grains.Job(plan);
        return grains.Long(
            async token => new ScoringAnswer(await job.Score(plan, token), output is null ? null : Path.GetFileName(Path.TrimEndingDirectorySeparator(output)), version) { Parts = ScoreFiles.PartsOf(output) },
            () => job.Reading());
    }

    private static async Task<LongAnswer<DetectionAnswer>> Detect(DetectionOrder order, ApiGrains grains, ScoreFiles files, CancellationToken cancellation)
    {
        ScoreFiles.RequireFormat(order.Format);
        var version = await grains.Version(order.Model, order.Version, cancellation);
        var unwritten = new DetectionPlan(order.Model, version, Selections.FullPath(order.Data), order.Missing, Output: null)
        {
            Score = order.Score, Rate = order.Rate, Threshold = order.Threshold, Label = order.Label,
            Reference = order.Reference is { } reference ? Selections.FullPath(reference) : null, Explain = order.Explain,
        };
        var output = order.Format is { } format ? files.Of(unwritten.Job(), format) : null;
        var plan = unwritten with { Output = output };
        var job = grains.Job(plan);
        return grains.Long(async token => new DetectionAnswer(await job.Detect(plan, token), Path.GetFileName(output), version), () => job.Reading());
    }

    private static LongAnswer<EvaluationReport> Evaluate(EvaluationPlan plan, ApiGrains grains)
    {
        var complete = plan with { Data = Selections.FullPath(plan.Data) };
        var job = grains.NewJob();
        return grains.Long(cancellation => job.Evaluate(complete, cancellation), () => job.Reading());
    }

    private static LongAnswer<VerificationReport> Verify(VerificationPlan plan, ApiGrains grains)
    {
        var replay = grains.NewReplay();
        return grains.Long(cancellation => replay.Verify(plan, cancellation), replay.Reading);
    }
}
