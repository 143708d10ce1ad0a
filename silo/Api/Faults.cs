using FlowGrain.Serving;
using FlowGrain.Silo.Inference;
using FlowGrain.Silo.Inference.Grpc;
using FlowGrain.Training;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace FlowGrain.Silo.Api;

/// <summary>From an exception to the problem that a client reads; the only place that knows which status is which.</summary>
internal static class Faults
{
    private const string NoAnswer = "A silo of the cluster did not answer; ask again in a second."; // and not the exception's message, which names grains and silos
    private const string ModelSilent = "Model does not answer"; // until somebody does something: asking again helps nobody

    /// <summary>The title where the cluster is at fault, and may answer soon.</summary>
    internal const string ClusterSilent = "Cluster does not answer";

    internal static ProblemDetails Of(Exception error) => error switch
    {
        AggregateException { InnerException: { } inner } => Of(inner),
        NotFoundException => Problem(StatusCodes.Status404NotFound, "Not found", error.Message),
        BadInputException => Problem(StatusCodes.Status400BadRequest, "Input that cannot be used", error.Message),
        BadHttpRequestException request => Problem(request.StatusCode, "Request that cannot be read", RequestFaults.Sentence(request)),
        IOException { InnerException: OverflowException } => Problem(StatusCodes.Status400BadRequest, "Request that cannot be read", RequestFaults.LongChunk), // as Kestrel has it
        RunConflictException => Problem(StatusCodes.Status409Conflict, "Run is busy", error.Message),
        AliasConflictException => Problem(StatusCodes.Status409Conflict, "Alias has moved", error.Message),
        UnavailableException => Problem(StatusCodes.Status503ServiceUnavailable, ModelSilent, error.Message),
        OverloadedException => Problem(StatusCodes.Status429TooManyRequests, "Too many requests", error.Message),
        ExpiredException => Problem(StatusCodes.Status504GatewayTimeout, "Waited too long", error.Message),
        DiskFullException => Problem(StatusCodes.Status507InsufficientStorage, "Disk is full", error.Message),
        ClusterUnreachableException => Problem(StatusCodes.Status503ServiceUnavailable, ClusterSilent, error.Message),
        TimeoutException or OrleansException => Problem(StatusCodes.Status503ServiceUnavailable, ClusterSilent, NoAnswer),
        OperationCanceledException => Problem(StatusCodes.Status499ClientClosedRequest, "Cancelled", "The work was cancelled."),
        _ => Problem(StatusCodes.Status500InternalServerError, "Failed", "The silo failed; its log says how."), // and not its message, which may name whatever the machine has
    };

    /// <summary>Of an answer that has a status alone.</summary>
    internal static ProblemDetails Of(HttpContext context) =>
        new() { Status = context.Response.StatusCode, Detail = RequestFaults.Sentence(context, context.Response.StatusCode) };

    /// <summary>Answers with it: as a problem, below /v2 as the inference protocol has it, and as gRPC does where that was asked.</summary>
    internal static Task Answer(HttpContext context, ProblemDetails problem)
    {
        var status = problem.Status ?? StatusCodes.Status500InternalServerError;
        if (MayPass(problem)) context.Response.Headers.TryAdd(HeaderNames.RetryAfter, "1"); // seconds
        if (status == StatusCodes.Status413PayloadTooLarge) context.Response.Headers.Connection = "close"; // the rest of its body is not read
        if (GrpcStatuses.IsCall(context.Request)) return GrpcStatuses.Answer(context, problem);
        return context.Request.Path.StartsWithSegments(InferenceEndpoints.Root)
            ? TypedResults.Json(new InferenceFault(problem.Detail ?? problem.Title ?? ReasonPhrases.GetReasonPhrase(status)), statusCode: status).ExecuteAsync(context)
            : TypedResults.Problem(problem).ExecuteAsync(context); // whatever it accepts
    }

    private static bool MayPass(ProblemDetails problem) =>
        problem is { Status: StatusCodes.Status429TooManyRequests } or { Status: StatusCodes.Status503ServiceUnavailable, Title: not ModelSilent };

    /// <summary>A problem with its status.</summary>
    internal static ProblemDetails Problem(int status, string title, string sentence) => new() { Status = status, Title = title, Detail = sentence };
}
