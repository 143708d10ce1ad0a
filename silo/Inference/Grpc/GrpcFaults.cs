using FlowGrain.Silo.Api;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace FlowGrain.Silo.Inference.Grpc;

/// <summary>Answers whatever a call throws with the status that HTTP has for it, and its sentence.</summary>
internal sealed partial class GrpcFaults(ILogger<GrpcFaults> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception error) when (error is not RpcException)
        {
            var problem = Faults.Of(error);
            if (problem.Status == StatusCodes.Status500InternalServerError) NotAnswered(error, context.Method);
            throw new RpcException(new Status(CodeOf(problem.Status), problem.Detail ?? ""));
        }
    }

    private static StatusCode CodeOf(int? status) => status switch
    {
        StatusCodes.Status400BadRequest or StatusCodes.Status413PayloadTooLarge => StatusCode.InvalidArgument,
        StatusCodes.Status404NotFound => StatusCode.NotFound,
        StatusCodes.Status429TooManyRequests => StatusCode.ResourceExhausted,
        StatusCodes.Status499ClientClosedRequest => StatusCode.Cancelled,
        StatusCodes.Status503ServiceUnavailable => StatusCode.Unavailable,
        StatusCodes.Status504GatewayTimeout => StatusCode.DeadlineExceeded,
        _ => StatusCode.Internal,
    };

    [LoggerMessage(EventId = 4201, Level = LogLevel.Error, Message = "{Method} failed.")]
    private partial void NotAnswered(Exception error, string method);
}
