using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Serving;
using FlowGrain.Silo.Api;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FlowGrain.Silo.Inference;

/// <summary>
/// The Open Inference Protocol v2 over HTTP with the binary tensor extension: <c>/v2</c>.
/// Source: kserve/open-inference-protocol, specification/protocol/inference_rest.md, and Triton's extension_binary_data.md.
/// </summary>
internal static class InferenceEndpoints
{
    /// <summary>Where it begins.</summary>
    internal const string Root = "/v2";

    /// <summary>What it knows beyond the protocol.</summary>
    internal static readonly ImmutableArray<string> Extensions = ["binary_tensor_data", "model_repository", "statistics"];

    extension(WebApplication app)
    {
        /// <summary>Maps every endpoint below <c>/v2</c>.</summary>
        internal void MapInference()
        {
            var root = app.MapGroup(Root).WithTags("Inference").FailWith(typeof(InferenceFault), "application/json");
            root.MapGet("/", () => new ServerMetadata("flowgrain", ApiHosting.Version, Extensions)).WithSummary("What the server is, and its extensions");
            root.MapGet("/health/live", () => new Liveness(true)).WithSummary("Whether it lives");
            root.MapGet("/health/ready", Ready).WithSummary("Whether every model can be asked").Produces<Readiness>();
            foreach (var model in new[] { "/models/{model}", "/models/{model}/versions/{version}" })
            {
                root.MapGet(model, Metadata).WithSummary("What a model takes and gives");
                root.MapGet($"{model}/ready", ModelReady).WithSummary("Whether a model can be asked");
                root.MapPost($"{model}/infer", Infer).WithSummary("Asks a model")
                    .AddOpenApiOperationTransformer(TakesTensors).Produces<InferenceAnswer>(contentType: "application/json", additionalContentTypes: ApiBodies.Octets)
                    .Produces<InferenceFault>(StatusCodes.Status504GatewayTimeout);
            }

            root.MapRepository();
        }
    }

    /// <summary>What the body is, for the API's description alone: clients of the protocol send bodies of any content type.</summary>
    private static async Task TakesTensors(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var media = new OpenApiMediaType { Schema = await context.GetOrCreateSchemaAsync(typeof(InferenceOrder), cancellationToken: cancellation) };
        operation.RequestBody = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = media, [ApiBodies.Octets] = new() } };
    }

    private static async Task<IResult> Ready(ReadyModels ready, CancellationToken cancellation)
    {
        var isReady = await ready.AreReady(cancellation);
        return TypedResults.Json(new Readiness(isReady), statusCode: isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<ModelMetadata> Metadata(string model, string? version, ServedModels models)
    {
        var function = await models.Described(model, version);
        return new ModelMetadata(model, [.. models.Versions(model).Select(one => one.ToString(CultureInfo.InvariantCulture))], "flowgrain", function.Inputs, function.Outputs, Abilities.Of(function.Engine.Model.Flow));
    }

    private static async Task<ModelReadiness> ModelReady(string model, string? version, ServedModels models)
    {
        await models.Described(model, version);
        return new ModelReadiness(model, true);
    }

    private static async Task Infer(string model, string? version, HttpContext context, Answering answering, TimeProvider clock)
    {
        var (came, cancellation) = (clock.GetTimestamp(), context.RequestAborted);
        var request = await Request(context.Request, context.Features.GetRequiredFeature<TakenRoom>(), cancellation);
        await answering.Answer(model, version, request, came, (number, outputs) => AnswerWriter.Write(context.Response, request, model, number, outputs, cancellation), cancellation);
    }

    /// <summary>Reads the body to its end, which has to be there before any of it is believed.</summary>
    private static async Task<InferenceRequest> Request(HttpRequest request, TakenRoom taken, CancellationToken cancellation)
    {
        var header = HeaderBytes(request);
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellation);
            if (!read.IsCompleted)
            {
                request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            try
            {
                return Read(read.Buffer, header, taken);
            }
            finally
            {
                request.BodyReader.AdvanceTo(read.Buffer.End); // or the connection would end with the request
            }
        }
    }

    private static InferenceRequest Read(ReadOnlySequence<byte> buffer, long? header, TakenRoom taken)
    {
        var body = buffer.IsSingleSegment ? buffer.FirstSpan : buffer.ToArray();
        taken.GrowByNumbers(RequestReader.MostNumbers(body, header));
        return RequestReader.Read(body, header, taken.GrowByDoubles) with { Reserve = taken.Grow };
    }

    private static long? HeaderBytes(HttpRequest request) => request.Headers[AnswerWriter.HeaderLength].ToString() switch
    {
        "" => null,
        var text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var bytes) => bytes,
        var text => throw new BadInputException($"{AnswerWriter.HeaderLength} is '{text}', which is no number of bytes; send the length of the JSON at the beginning of the body."),
    };
}

/// <summary>What the server is.</summary>
internal sealed record ServerMetadata(string Name, string Version, ImmutableArray<string> Extensions);

/// <summary>Whether it lives.</summary>
internal sealed record Liveness(bool Live);

/// <summary>Whether every model can be asked.</summary>
internal sealed record Readiness(bool Ready);

/// <summary>Whether a model can be asked.</summary>
internal sealed record ModelReadiness(string Name, bool Ready);

/// <summary>What a model takes and gives, and how exactly.</summary>
internal sealed record ModelMetadata(
    string Name, ImmutableArray<string> Versions, string Platform, ImmutableArray<TensorDescription> Inputs, ImmutableArray<TensorDescription> Outputs, ModelAbilities Properties);
