using FlowGrain.Training;
using Microsoft.AspNetCore.Mvc;

namespace FlowGrain.Silo.Api;

/// <summary>From an exception to the problem that a client reads; the only place that knows which status is which.</summary>
internal static class Faults
{
    internal static ProblemDetails Of(Exception error) => error switch
    {
        AggregateException { InnerException: { } inner } => Of(inner),
        NotFoundException => Problem(StatusCodes.Status404NotFound, "Not found", error.Message),
        BadInputException => Problem(StatusCodes.Status400BadRequest, "Input that cannot be used", error.Message),
        BadHttpRequestException request => Problem(request.StatusCode, "Request that cannot be read", RequestFaults.Sentence(request)),
        RunConflictException => Problem(StatusCodes.Status409Conflict, "Run is busy", error.Message),
        DiskFullException => Problem(StatusCodes.Status507InsufficientStorage, "Disk is full", error.Message),
        ClusterUnreachableException or TimeoutException or OrleansException => Problem(StatusCodes.Status503ServiceUnavailable, "Cluster does not answer", error.Message),
        OperationCanceledException => Problem(StatusCodes.Status499ClientClosedRequest, "Cancelled", "The work was cancelled."),
        _ => Problem(StatusCodes.Status500InternalServerError, "Failed", error.Message.Split('\n', 2)[0].TrimEnd('\r')),
    };

    /// <summary>A problem with its status.</summary>
    internal static ProblemDetails Problem(int status, string title, string sentence) => new() { Status = status, Title = title, Detail = sentence };
}
