using System.Security.Cryptography;
using FlowGrain.Silo.Inference;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace FlowGrain.Silo.Api;

/// <summary>The API described by itself: <c>/openapi/v1.json</c>, and <c>/docs</c> for people, which needs nothing from elsewhere.</summary>
internal static class ApiReference
{
    private const string Document = "v1";
    private const string Key = "key";

    extension(WebApplicationBuilder builder)
    {
        /// <summary>Adds the description.</summary>
        internal WebApplicationBuilder AddApiReference()
        {
            builder.Services.AddOpenApi(Document, options =>
            {
                options.AddDocumentTransformer((document, _, _) => Describe(document));
                options.AddOperationTransformer((operation, context, _) =>
                {
                    operation.OperationId = $"{context.Description.HttpMethod?.ToLowerInvariant()} /{context.Description.RelativePath}";
                    AddFaults(operation, context.Description.RelativePath ?? "");
                    return Task.CompletedTask;
                });
            });
            return builder;
        }
    }

    extension(WebApplication app)
    {
        /// <summary>Maps the description and its page.</summary>
        internal void MapApiReference()
        {
            var document = new Lazy<Task<byte[]>>(() => Written(app.Services));
            app.MapGet($"/openapi/{Document}.json", async () => TypedResults.Bytes(await document.Value, "application/json;charset=utf-8", entityTag: Tag(await document.Value))).ExcludeFromDescription();
            app.MapScalarApiReference("/docs", options => options
                .WithTitle("FlowGrain API")
                .WithOpenApiRoutePattern("/openapi/{documentName}.json")
                .DisableDefaultFonts() // which come from a server elsewhere
                .DisableTelemetry() // and whatever else of it would ask somebody elsewhere
                .DisableAgent()
                .DisableMcp()
                .HideDeveloperTools()
                .HideClientButton());
        }
    }

    /// <summary>The description, which stays what it is while the process lives: anybody may ask for it, and to make it is work.</summary>
    private static async Task<byte[]> Written(IServiceProvider services)
    {
        using var written = new MemoryStream();
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Document).GetOpenApiDocumentAsync();
        await document.SerializeAsJsonAsync(written, OpenApiSpecVersion.OpenApi3_1);
        return written.ToArray();
    }

    private static EntityTagHeaderValue Tag(byte[] document) => new($"\"{Convert.ToHexStringLower(SHA256.HashData(document))}\"");

    private static Task Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "FlowGrain",
            Version = ApiHosting.Version.Split('+')[0], // without the commit
            Description = "Trains normalizing flows on tables larger than one machine, and serves them. Below /v2 it speaks the Open Inference Protocol.",
            License = new OpenApiLicense { Name = "MIT" },
        };
        document.Servers?.Clear(); // whichever silo the reader reached
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Key] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key of the cluster, where it wants one." };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Key, document)] = [] }];
        return Task.CompletedTask;
    }

    /// <summary>What every call may answer instead.</summary>
    private static void AddFaults(OpenApiOperation operation, string path)
    {
        var isInference = path.StartsWith(InferenceEndpoints.Root[1..], StringComparison.Ordinal);
        operation.Responses ??= [];
        operation.Responses["4XX"] = new OpenApiResponse { Description = isInference ? "{\"error\": \"what is wrong and what to do\"}" : "Problem details (RFC 9457): what is wrong and what to do" };
        operation.Responses["5XX"] = new OpenApiResponse { Description = isInference ? "{\"error\": \"what happened\"}" : "Problem details (RFC 9457): what happened" };
    }
}
