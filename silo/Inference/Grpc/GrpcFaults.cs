using FlowGrain.Silo.Api;
using FlowGrain.Silo.Security;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace FlowGrain.Silo.Inference.Grpc;

/// <summary>Answers whatever a call throws with the status that HTTP has for it, and its sentence.</summary>
internal sealed class GrpcFaults(FaultLog log, StorageNames names) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        context.GetHttpContext().Features.Set(ReadMessage.Instance);
        try
        {
            return await continuation(request, context);
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw new RpcException(GrpcStatuses.Of(log.ProblemOf(error, context.Method), names));
        }
    }
}
