using System.Globalization;
using System.Security.Cryptography;
using FlowGrain.Api;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
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
                    Explain(operation, context.Description);
                    return Task.CompletedTask;
                });
                options.AddSchemaTransformer((schema, context, _) =>
                {
                    if (context.JsonPropertyInfo?.CustomConverter is VersionWord) schema.Type = JsonSchemaType.String | JsonSchemaType.Integer;
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

    /// <summary>Says what its names mean, when it fails, and how a long one tells how far it is.</summary>
    private static void Explain(OpenApiOperation operation, ApiDescription call)
    {
        foreach (var parameter in operation.Parameters ?? []) parameter.Description ??= ApiParameters.Meaning(parameter.Name ?? "");
        foreach (var (status, response) in operation.Responses ?? [])
            if (int.TryParse(status, CultureInfo.InvariantCulture, out var number) && ApiFaults.Sentence(number) is { } sentence) response.Description = sentence;
        if (!call.ActionDescriptor.EndpointMetadata.OfType<LastsLong>().Any() || operation.Responses?["200"].Content is not { } content) return;
        content[ApiBodies.Events] = new OpenApiMediaType { Schema = ApiBodies.Text };
        operation.Description = "Lasts as long as its work. With 'Accept: text/event-stream' the answer is events: reading or alive twice a second, and last result or problem. It may be repeated.";
    }
}
