using System.Reflection;
using FlowGrain.Api;
using FlowGrain.Silo.Api.Live;
using FlowGrain.Silo.Inference;
using FlowGrain.Silo.Inference.Grpc;
using FlowGrain.Silo.Security;

namespace FlowGrain.Silo.Api;

/// <summary>The HTTP API: what a client may ask of the cluster, through whichever silo it reaches.</summary>
internal static class ApiHosting
{
    internal const string Root = "/api/v1";

    internal const long LargestBody = 16 << 20; // bytes; uploads are streamed and have no bound but the disk

    /// <summary>The version of this program.</summary>
    internal static readonly string Version = typeof(ApiHosting).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    extension(WebApplicationBuilder builder)
    {
        /// <summary>Adds what the endpoints need.</summary>
        internal WebApplicationBuilder AddApi()
        {
            builder.WebHost.ConfigureKestrel(kestrel => (kestrel.Limits.MaxRequestBodySize, kestrel.AddServerHeader) = (LargestBody, false));
            builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions).UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow);
            builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true); // so that it is answered like every other fault
            builder.Services.AddProblemDetails(problems => problems.CustomizeProblemDetails = answer => answer.ProblemDetails.Detail ??= RequestFaults.Sentence(answer.HttpContext, answer.ProblemDetails.Status));
            builder.Services.AddExceptionHandler<FaultHandler>();
            builder.Services.AddSingleton<FaultLog>();
            builder.Services.AddSingleton<ApiGrains>();
            builder.Services.AddSingleton<LiveFeed>();
            builder.Services.AddSingleton<Uploads>();
            builder.Services.AddHostedService<StorageSweep>();
            builder.Services.AddSingleton<ScoreFiles>();
            builder.Services.AddSingleton<ModelArchives>();
            builder.Services.AddSingleton<ServedModels>();
            builder.Services.AddSingleton<ReadyModels>();
            builder.Services.AddSingleton<ModelTrials>();
            builder.Services.AddHostedService(services => services.GetRequiredService<ModelTrials>());
            builder.Services.AddSingleton<Shadowing>();
            builder.Services.AddSingleton<Answering>();
            builder.Services.AddSingleton<BodyRoom>();
            builder.Services.AddRequestDecompression();
            return builder.AddApiReference().AddGrpcInference();
        }
    }

    extension(WebApplication app)
    {
        /// <summary>Maps every endpoint below <c>/api/v1</c>.</summary>
        internal void MapApi()
        {
            app.UseSecurity();
            app.UseExceptionHandler();
            app.UseStatusCodePages(status => Faults.Answer(status.HttpContext, Faults.Of(status.HttpContext)));
            app.UseGate();
            app.UseBodyRoom();
            app.UseWhen(context => context.Request.Path.StartsWithSegments(GrpcInference.Root), grpc => grpc.Use(next => context => UnreadableMessages.Blame(context, next)));
            app.Use(QueryNames.Require);
            var root = app.MapGroup(Root).WithTags("Cluster").FailWithProblems();
            ((IEndpointConventionBuilder)root).Finally(call => call.Metadata.Add(QueryNames.Of((RouteEndpointBuilder)call)));
            root.MapGet("/", (HttpContext context) => new ApiRoot("flowgrain", Version, RoleOf(context))).WithSummary("What answers, its version, and what who asks may do");
            app.MapInference();
            app.MapGrpcInference();
            app.MapApiReference();
            root.MapCluster().MapRuns().MapModels().MapRegistry().MapDatasets().MapScorings().MapSessions();
        }
    }

    private static string RoleOf(HttpContext context) => context.Features.Caller()?.Role == ApiRole.Viewer ? "viewer" : "operator";
}
