using System.Net;
using FlowGrain.Silo.Security;
using FlowGrain.Silo.Security.Tls;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace FlowGrain.Silo;

/// <summary>A silo as a process of its own.</summary>
internal static class SiloHosting
{
    extension(WebApplicationBuilder builder)
    {
        /// <summary>Binds and checks every section of the silo; all faults are reported at once, before anything starts.</summary>
        internal WebApplicationBuilder AddSiloOptions()
        {
            builder.Services.AddOptions<Silo.ClusterOptions>().BindConfiguration(Silo.ClusterOptions.Section).ValidateOnStart();
            builder.Services.AddOptions<SiloOptions>().BindConfiguration(SiloOptions.Section).ValidateOnStart();
            builder.Services.AddOptions<HttpOptions>().BindConfiguration(HttpOptions.Section).ValidateOnStart();
            builder.Services.TryAddEnumerable(
            [
                ServiceDescriptor.Singleton<IValidateOptions<Silo.ClusterOptions>, SiloRanges>(),
                ServiceDescriptor.Singleton<IValidateOptions<SiloOptions>, SiloRanges>(),
                UnknownSettings<Silo.ClusterOptions>.In(Silo.ClusterOptions.Section),
                UnknownSettings<SiloOptions>.In(SiloOptions.Section),
                UnknownSettings<HttpOptions>.In(HttpOptions.Section),
            ]);
            builder.Services.AddSecurity();
            return builder;
        }

        /// <summary>Adds the silo with every feature.</summary>
        internal WebApplicationBuilder AddSilo()
        {
            var (cluster, silo, http) = (Section<Silo.ClusterOptions>("Cluster"), Section<SiloOptions>("Silo"), Section<HttpOptions>("Http"));
            builder.WebHost.UseUrls(http.Addresses);
            builder.Services.AddPorts();
            builder.Services.AddHostedService<StorageWatch>();
            builder.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, OneJournal>();
            var (address, port, gatewayPort) = (silo.IPAddress ?? IPAddress.Loopback, PossiblePort(silo.Port), PossiblePort(silo.GatewayPort));
            builder.UseOrleans(orleans => (cluster.IsRedis ? orleans.UseRedis(cluster) : orleans.UseLocalhostClustering(port, gatewayPort, new IPEndPoint(address, port), serviceId: PossibleId(cluster.Id), clusterId: PossibleId(cluster.Id)))
                .Configure<EndpointOptions>(endpoints =>
                {
                    endpoints.AdvertisedIPAddress = address; // it would be loopback
                    (endpoints.SiloPort, endpoints.GatewayPort) = (port, gatewayPort);
                    endpoints.SiloListeningEndpoint = new IPEndPoint(address, port);
                    endpoints.GatewayListeningEndpoint = new IPEndPoint(address, gatewayPort);
                })
                .UseTls(silo.Tls)
                .AddGrainPages()
                .AddFlowGrain(runsGoOn: true));
            return builder;

            // Orleans looks at these before the options are checked; what is replaced here is refused there, with all other faults.
            static int PossiblePort(int port) => Math.Clamp(port, 1, 65535);

            static string PossibleId(string? id) => string.IsNullOrEmpty(id) ? "-" : id;

            T Section<T>(string name) where T : new() => builder.Configuration.GetSection(name).Get<T>() ?? new T();
        }
    }
}
