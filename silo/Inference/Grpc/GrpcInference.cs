using System.Globalization;
using FlowGrain.Serving;
using FlowGrain.Silo.Api;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace FlowGrain.Silo.Inference.Grpc;

/// <summary>The Open Inference Protocol v2 over gRPC: <c>inference.GRPCInferenceService</c>.</summary>
internal sealed class GrpcInference(ServedModels models, Answering answering, ReadyModels ready, TimeProvider clock) : GRPCInferenceService.GRPCInferenceServiceBase
{
    /// <summary>Where its calls are, as HTTP has them.</summary>
    internal const string Root = "/inference.GRPCInferenceService";

    /// <summary>Whether a call asks how the server is, as orchestrators do, which have no key.</summary>
    internal static bool IsHealth(PathString path) => path == $"{Root}/{nameof(ServerLive)}" || path == $"{Root}/{nameof(ServerReady)}";

    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) => Task.FromResult(new ServerLiveResponse { Live = true });

    public override async Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context) =>
        new() { Ready = await ready.AreReady(context.CancellationToken) };

    public override async Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context)
    {
        await models.Described(request.Name, Version(request.Version));
        return new ModelReadyResponse { Ready = true };
    }

    public override Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerMetadataResponse { Name = "flowgrain", Version = ApiHosting.Version, Extensions = { InferenceEndpoints.Extensions[0] } });

    public override async Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context)
    {
        var function = await models.Described(request.Name, Version(request.Version));
        return new ModelMetadataResponse
        {
            Name = request.Name,
            Versions = { models.Versions(request.Name).Select(version => version.ToString(CultureInfo.InvariantCulture)) },
            Platform = "flowgrain",
            Inputs = { function.Inputs.Select(Tensor) },
            Outputs = { function.Outputs.Select(Tensor) },
            Properties = { Properties(Abilities.Of(function.Engine.Model.Flow)) },
        };
    }

    public override async Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context)
    {
        var came = clock.GetTimestamp();
        var taken = context.GetHttpContext().Features.GetRequiredFeature<TakenRoom>();
        taken.GrowByNumbers(GrpcTensors.Numbers(request));
        var response = new ModelInferResponse();
        await answering.Answer(request.ModelName, Version(request.ModelVersion), GrpcTensors.Read(request, taken), came, (version, outputs) =>
        {
            response = GrpcTensors.Write(request.ModelName, version, request.Id, outputs);
            return Task.CompletedTask;
        }, context.CancellationToken);
        return response;
    }

    /// <summary>How a model answers, by the names that the JSON of HTTP has.</summary>
    private static Dictionary<string, string> Properties(ModelAbilities abilities) => new() { ["density"] = abilities.Density, ["samples"] = abilities.Samples, ["logDensity"] = abilities.LogDensity };

    private static string? Version(string version) => version == "" ? null : version;

    private static ModelMetadataResponse.Types.TensorMetadata Tensor(TensorDescription tensor) => new() { Name = tensor.Name, Datatype = tensor.Datatype, Shape = { tensor.Shape } };
}
