using Microsoft.OpenApi;

namespace FlowGrain.Silo.Api;

/// <summary>Bodies that are no JSON of a type, for the API's description alone.</summary>
internal static class ApiBodies
{
    /// <summary>Bytes as they are.</summary>
    internal const string Octets = "application/octet-stream";

    /// <summary>Events that come as they happen.</summary>
    internal const string Events = "text/event-stream";

    extension<T>(T call) where T : IEndpointConventionBuilder
    {
        /// <summary>It takes bytes.</summary>
        internal T TakesBytes(string what, string media = Octets) => call.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody = new OpenApiRequestBody { Description = what, Required = true, Content = Of(media, Bytes) };
            return Task.CompletedTask;
        });

        /// <summary>It takes JSON that may be left out, of whatever content type.</summary>
        internal T MayTake(Type type, string what) => call.AddOpenApiOperationTransformer(async (operation, context, cancellation) =>
            operation.RequestBody = new OpenApiRequestBody { Description = what, Content = Of("application/json", await context.GetOrCreateSchemaAsync(type, cancellationToken: cancellation)) });

        /// <summary>It answers with bytes.</summary>
        internal T GivesBytes(string what, params string[] media) => call.Gives(StatusCodes.Status200OK, what, Bytes, media);

        /// <summary>It answers with text.</summary>
        internal T GivesText(string what, params string[] media) => call.Gives(StatusCodes.Status200OK, what, Text, media);

        private T Gives(int status, string what, OpenApiSchema schema, string[] media) => call.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            (operation.Responses ??= [])[$"{status}"] = new OpenApiResponse { Description = what, Content = media.ToDictionary(type => type, _ => new OpenApiMediaType { Schema = schema }) };
            return Task.CompletedTask;
        });
    }

    private static OpenApiSchema Bytes => new() { Type = JsonSchemaType.String, Format = "binary" };

    /// <summary>Of what is text.</summary>
    internal static OpenApiSchema Text => new() { Type = JsonSchemaType.String };

    private static Dictionary<string, OpenApiMediaType> Of(string media, IOpenApiSchema schema) => new() { [media] = new OpenApiMediaType { Schema = schema } };
}
