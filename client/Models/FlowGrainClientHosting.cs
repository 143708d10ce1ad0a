using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FlowGrain.Client;

/// <summary>Adds the client to a host.</summary>
public static class FlowGrainClientHosting
{
    private static readonly TimeSpan ConnectionsLast = TimeSpan.FromMinutes(5); // then names are looked up again

    extension(IServiceCollection services)
    {
        /// <summary>
        /// Adds <see cref="IFlowGrainClient"/>: over HTTP where an address is set, else through the host's Orleans client. <see cref="IFlowGrainModel"/>,
        /// <see cref="ILogDensity"/> and <see cref="ISampler"/> are keyed services, whose key is the name of a model. Safe to call twice.
        /// </summary>
        /// <param name="configure">Sets options, after those of the configuration; null for none.</param>
        public IServiceCollection AddFlowGrainClient(Action<FlowGrainClientOptions>? configure = null)
        {
            var options = services.AddOptions<FlowGrainClientOptions>().Configure<IServiceProvider>(Bind).ValidateOnStart();
            if (configure is not null) options.Configure(configure);
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<FlowGrainClientOptions>, FlowGrainClientRules>());
            services.TryAddSingleton(TimeProvider.System);
            services.AddHttp();
            services.TryAddSingleton(Client);
            services.TryAddKeyedSingleton(KeyedService.AnyKey, Model);
            services.TryAddKeyedSingleton<ILogDensity>(KeyedService.AnyKey, Model);
            services.TryAddKeyedSingleton<ISampler>(KeyedService.AnyKey, Model);
            return services;
        }

        private void AddHttp() => services.AddHttpClient(FlowGrainClientOptions.HttpClientName)
            .ConfigureHttpClient((provider, http) =>
            {
                var options = provider.GetRequiredService<IOptions<FlowGrainClientOptions>>().Value;
                ApiConnection.Configure(http, options.Url!, options.ApiKey);
            })
            .ConfigurePrimaryHttpMessageHandler(provider =>
            {
                var handler = ApiConnection.Handler(provider.GetRequiredService<IOptions<FlowGrainClientOptions>>().Value.Url!);
                handler.PooledConnectionLifetime = ConnectionsLast;
                return handler;
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan) // the client lives as long as the host, and its connections are renewed below
            .RedactLoggedHeaders(_ => true);
    }

    private static void Bind(FlowGrainClientOptions options, IServiceProvider provider) =>
        provider.GetService<IConfiguration>()?.GetSection(FlowGrainClientOptions.Section).Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);

    private static IFlowGrainClient Client(IServiceProvider provider)
    {
        var (options, clock) = (provider.GetRequiredService<IOptions<FlowGrainClientOptions>>().Value, provider.GetRequiredService<TimeProvider>());
        var rule = Persistence.Rule(options.Patience) with { LeastAttempts = 1 };
        return new FlowGrainClient(options.Url is null ? new GrainModelCalls(provider.GetRequiredService<IGrainFactory>(), clock, rule) : new HttpModelCalls(Api(provider, clock, rule)), options, clock);
    }

    private static ApiCalls Api(IServiceProvider provider, TimeProvider clock, RepeatRule rule)
    {
        var log = provider.GetRequiredService<ILoggerFactory>().CreateLogger("FlowGrain.Client");
        return new(provider.GetRequiredService<IHttpClientFactory>().CreateClient(FlowGrainClientOptions.HttpClientName), clock, log.Waiting, rule);
    }

    private static IFlowGrainModel Model(IServiceProvider provider, object? name) => provider.GetRequiredService<IFlowGrainClient>().Model((string)name!);
}
