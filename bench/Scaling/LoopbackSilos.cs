using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using FlowGrain.Cluster;
using FlowGrain.Training;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace FlowGrain.Bench.Scaling;

/// <summary>Silos in one process that talk through TCP connections, as silos on machines of their own do.</summary>
internal sealed class LoopbackSilos : IAsyncDisposable
{
    private LoopbackSilos(ImmutableArray<LoopbackSilo> all) => All = all;

    /// <summary>The silos.</summary>
    internal ImmutableArray<LoopbackSilo> All { get; }

    /// <summary>Starts them and waits until each knows the others.</summary>
    internal static async Task<LoopbackSilos> Start(int silos, string home, CancellationToken cancellation)
    {
        var primary = FreeEndpoint();
        var all = ImmutableArray.Create(await LoopbackSilo.Start(primary, primary, home, cancellation));
        var others = await Task.WhenAll(Enumerable.Range(1, silos - 1).Select(_ => LoopbackSilo.Start(FreeEndpoint(), primary, home, cancellation)));
        all = all.AddRange(others);
        await Task.WhenAll(all.Select(silo => silo.Meet(silos, cancellation)));
        return new LoopbackSilos(all);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in All.Reverse()) await silo.DisposeAsync(); // the first knows the members, so it goes last
    }

    private static IPEndPoint FreeEndpoint()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }
}

/// <summary>One silo, with meters on all that comes to it.</summary>
internal sealed class LoopbackSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private LoopbackSilo(IHost host, WireMeter wire) => (_host, Wire) = (host, wire);

    /// <summary>The way to all grains from here.</summary>
    internal IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Its name among the silos.</summary>
    internal SiloAddress Address => _host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    /// <summary>What its connections read.</summary>
    internal WireMeter Wire { get; }

    /// <summary>What its grains are called with.</summary>
    internal CallMeter Calls => _host.Services.GetRequiredService<CallMeter>();

    internal static async Task<LoopbackSilo> Start(IPEndPoint endpoint, IPEndPoint primary, string home, CancellationToken cancellation)
    {
        var wire = new WireMeter();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { Args = null });
        builder.Configuration[$"{StorageOptions.Section}:{nameof(StorageOptions.Root)}"] = home;
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(endpoint.Port, gatewayPort: 0, primary)
            .Configure<ClusterMembershipOptions>(membership => membership.LivenessEnabled = false) // a busy process must not declare a part of itself dead
            .Configure<SiloConnectionOptions>(wire.Watch)
            .AddCluster()
            .AddTraining()
            .Services.AddSingleton<CallMeter>().AddSingleton<IIncomingGrainCallFilter>(services => services.GetRequiredService<CallMeter>()));
        var host = builder.Build();
        await host.StartAsync(cancellation);
        return new LoopbackSilo(host, wire);
    }

    /// <summary>Waits until it knows the grains of so many silos.</summary>
    internal async Task Meet(int silos, CancellationToken cancellation)
    {
        await foreach (var manifest in _host.Services.GetRequiredService<IClusterManifestProvider>().Updates.WithCancellation(cancellation))
        {
            if (manifest.Silos.Count == silos) return;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
