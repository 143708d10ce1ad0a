using Orleans.Configuration;

namespace FlowGrain.Silo.Security.Tls;

/// <summary>Makes Orleans talk in TLS.</summary>
internal static class SiloTlsHosting
{
    extension(ISiloBuilder silo)
    {
        /// <summary>All connections of a silo, where its settings name certificates.</summary>
        internal ISiloBuilder UseTls(SiloTlsOptions tls)
        {
            if (!tls.IsSet) return silo;
            silo.Services.AddTls(tls.Files);
            silo.Services.AddOptions<SiloConnectionOptions>().Configure<SiloTls>((connections, secured) =>
            {
                connections.ConfigureSiloInboundConnection(connection => connection.Use(next => context => secured.Accept(context, next)));
                connections.ConfigureSiloOutboundConnection(connection => connection.Use(next => context => secured.Open(context, next)));
                connections.ConfigureGatewayInboundConnection(connection => connection.Use(next => context => secured.Accept(context, next)));
            });
            return silo;
        }
    }

    extension(IClientBuilder client)
    {
        /// <summary>The connections of an Orleans client to silos that do so.</summary>
        internal IClientBuilder UseTls(SiloTlsOptions tls)
        {
            client.Services.AddTls(tls.Files);
            client.Services.AddOptions<ClientConnectionOptions>().Configure<SiloTls>((connections, secured) =>
                connections.ConfigureConnection(connection => connection.Use(next => context => secured.Open(context, next))));
            return client;
        }
    }

    private static void AddTls(this IServiceCollection services, TlsFiles files) => services.AddSingleton(provider => ActivatorUtilities.CreateInstance<SiloTls>(provider, files));
}
