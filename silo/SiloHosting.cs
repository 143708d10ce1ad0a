using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

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
            builder.Services.AddOptions<AuthOptions>().BindConfiguration(AuthOptions.Section);
            builder.Services.TryAddEnumerable(
            [
                ServiceDescriptor.Singleton<IValidateOptions<Silo.ClusterOptions>, ClusterOptionsRanges>(),
                ServiceDescriptor.Singleton<IValidateOptions<SiloOptions>, SiloOptionsRanges>(),
                ServiceDescriptor.Singleton<IValidateOptions<SiloOptions>, ExposureRules>(),
                ServiceDescriptor.Singleton<IValidateOptions<HttpOptions>, ExposureRules>(),
            ]);
            return builder;
        }

        /// <summary>Adds the silo with every feature.</summary>
        internal WebApplicationBuilder AddSilo()
        {
            var (cluster, silo, http) = (Section<Silo.ClusterOptions>("Cluster"), Section<SiloOptions>("Silo"), Section<HttpOptions>("Http"));
            builder.WebHost.UseUrls(http.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
            builder.UseOrleans(orleans => orleans
                .UseLocalhostClustering(silo.Port, silo.GatewayPort, primarySiloEndpoint: null, serviceId: cluster.Id, clusterId: cluster.Id)
                .AddFlowGrain());
            return builder;

            T Section<T>(string name) where T : new() => builder.Configuration.GetSection(name).Get<T>() ?? new T();
        }
    }
}
