using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo;

/// <summary>
/// Takes the ports of a silo before it joins a cluster, or ends it with a sentence. Orleans would share a port on which another
/// silo listens, and a newcomer with the address of a living silo makes the others believe that one dead.
/// </summary>
internal sealed class Ports(IOptions<SiloOptions> silo, IOptions<HttpOptions> http) : ILifecycleParticipant<ISiloLifecycle>
{
    private const int BeforeOrleansListens = ServiceLifecycleStage.RuntimeInitialize - 2; // it does one later, and joins after that

    private readonly ConcurrentDictionary<EndPoint, Socket> _held = [];

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(Ports), BeforeOrleansListens, Take);

    /// <summary>A socket for the API: the one that is held since the start, so that of two silos that start at once the later fails.</summary>
    internal Socket Listener(EndPoint endpoint) => _held.TryRemove(endpoint, out var held) ? held : SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);

    private Task Take(CancellationToken cancellation)
    {
        var address = IPAddress.Parse(silo.Value.Address);
        string?[] faults =
        [
            .. http.Value.Addresses.SelectMany(EndPoints).Select(endpoint => Fault("Http:Urls", endpoint, listener => _held[endpoint] = listener)),
            Fault("Silo:Port", new(address, silo.Value.Port), listener => listener.Dispose()),
            Fault("Silo:GatewayPort", new(address, silo.Value.GatewayPort), listener => listener.Dispose()),
        ];
        return faults.OfType<string>().ToList() is { Count: > 0 } found ? throw new IOException(string.Join(" ", found)) : Task.CompletedTask;
    }

    private static string? Fault(string setting, IPEndPoint endpoint, Action<Socket> taken)
    {
        Socket? listener = null;
        try
        {
            listener = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            listener.Listen(); // two sockets may have one address as long as neither listens
            taken(listener);
            return null;
        }
        catch (SocketException error)
        {
            listener?.Dispose();
            return error.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? $"Another process listens on {endpoint}, another silo perhaps; stop that one, or give this one another {setting}."
                : $"{endpoint} cannot be listened on ({error.Message}); choose another {setting}.";
        }
    }

    /// <summary>Where the server of the API listens for a URL; none where the system chooses the port, or there is no port.</summary>
    private static IEnumerable<IPEndPoint> EndPoints(string url)
    {
        var address = BindingAddress.Parse(url);
        if (address.IsUnixPipe || address.Port == 0) return [];
        if (address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)) return [new(IPAddress.Loopback, address.Port)];
        return [new(IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) ? ip : IPAddress.IPv6Any, address.Port)];
    }
}

/// <summary>Gives the ports to who listens on them.</summary>
internal static class PortsHosting
{
    extension(IServiceCollection services)
    {
        /// <summary>Takes the ports of Silo and Http when the silo starts.</summary>
        internal IServiceCollection AddPorts()
        {
            services.AddSingleton<Ports>();
            services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<Ports>());
            services.AddOptions<SocketTransportOptions>().Configure<Ports>((sockets, ports) => sockets.CreateBoundListenSocket = ports.Listener);
            return services;
        }
    }
}
