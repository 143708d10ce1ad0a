using System.Net;
using FlowGrain.Silo.Api;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FlowGrain.Silo.Inference.Grpc;

/// <summary>gRPC in a silo. Where nothing is encrypted it needs addresses of its own (Http:GrpcUrls): a connection cannot tell by itself that it is HTTP/2.</summary>
internal static class GrpcHosting
{
    extension(WebApplicationBuilder builder)
    {
        /// <summary>Adds the service, and listens.</summary>
        internal WebApplicationBuilder AddGrpcInference()
        {
            var http = builder.Configuration.GetSection(HttpOptions.Section).Get<HttpOptions>() ?? new HttpOptions();
            var ports = http.GrpcAddresses.Select(address => Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.Port : 0).ToHashSet();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(listen =>
            {
                if (listen.EndPoint is IPEndPoint { Port: var port } && ports.Contains(port)) listen.Protocols = HttpProtocols.Http2;
            }));
            builder.Services.AddGrpc(grpc =>
            {
                grpc.MaxReceiveMessageSize = (int)ApiHosting.LargestBody;
                grpc.Interceptors.Add<GrpcFaults>();
            });
            builder.Services.AddGrpcHealthChecks().AddCheck<SiloHealth>("silo");
            return builder;
        }
    }

    extension(WebApplication app)
    {
        /// <summary>Maps the service and gRPC's own health check.</summary>
        internal void MapGrpcInference()
        {
            app.MapGrpcService<GrpcInference>();
            app.MapGrpcHealthChecksService();
        }
    }
}
