using FlowGrain.Serving;
using FlowGrain.Silo.Api;
using FlowGrain.Silo.Security;
using Grpc.Core;
using Microsoft.AspNetCore.Mvc;

namespace FlowGrain.Silo.Inference.Grpc;

/// <summary>Faults as gRPC has them: a status and its sentence, also where a request is refused before it is a call.</summary>
internal static class GrpcStatuses
{
    private const string ContentType = "application/grpc";
    private const string Encoding = "grpc-encoding", Unpacked = "identity";

    /// <summary>Whether a request is a call of gRPC, and its sender reads nothing else.</summary>
    internal static bool IsCall(HttpRequest request) => request.ContentType?.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The status of a problem.</summary>
    internal static Status Of(ProblemDetails problem, StorageNames names) => new(CodeOf(problem.Status), names.Hide(problem.Detail ?? problem.Title ?? ""));

    /// <summary>Answers with a problem and nothing else.</summary>
    internal static Task Answer(HttpContext context, ProblemDetails problem)
    {
        var (response, status) = (context.Response, Of(problem, context.RequestServices.GetRequiredService<StorageNames>()));
        (response.StatusCode, response.ContentType) = (StatusCodes.Status200OK, ContentType); // what went wrong is no matter of HTTP
        response.Headers["grpc-status"] = $"{(int)status.StatusCode}";
        response.Headers["grpc-message"] = Uri.EscapeDataString(status.Detail);
        return Task.CompletedTask;
    }

    /// <summary>Refuses packed messages: they would be unpacked into memory without a bound.</summary>
    internal static Task RefusePacked(HttpContext context, RequestDelegate next)
    {
        var encoding = context.Request.Headers[Encoding].ToString();
        if (!IsCall(context.Request) || encoding is "" or Unpacked) return next(context);
        context.Response.Headers["grpc-accept-encoding"] = Unpacked;
        return Answer(context, Faults.Problem(StatusCodes.Status415UnsupportedMediaType, "Packed", $"Messages packed with {encoding} are not taken; send them as they are."));
    }

    /// <summary>What takes room while a call's message is read, where no interceptor sees that there is none.</summary>
    internal static Action<ReadOnlySpan<byte>> Translated(Action<ReadOnlySpan<byte>> take) => bytes =>
    {
        try
        {
            take(bytes);
        }
        catch (OverloadedException full)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, full.Message));
        }
        catch (BadInputException unusable)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, unusable.Message));
        }
    };

    private static StatusCode CodeOf(int? status) => status switch
    {
        StatusCodes.Status400BadRequest or StatusCodes.Status413PayloadTooLarge => StatusCode.InvalidArgument,
        StatusCodes.Status401Unauthorized => StatusCode.Unauthenticated,
        StatusCodes.Status403Forbidden => StatusCode.PermissionDenied,
        StatusCodes.Status404NotFound => StatusCode.NotFound,
        StatusCodes.Status415UnsupportedMediaType => StatusCode.Unimplemented,
        StatusCodes.Status429TooManyRequests => StatusCode.ResourceExhausted,
        StatusCodes.Status499ClientClosedRequest => StatusCode.Cancelled,
        StatusCodes.Status503ServiceUnavailable => StatusCode.Unavailable,
        StatusCodes.Status504GatewayTimeout => StatusCode.DeadlineExceeded,
        _ => StatusCode.Internal,
    };
}
