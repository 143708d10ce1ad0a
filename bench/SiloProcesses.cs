using System.Diagnostics;
using FlowGrain.Cli.Output;
using FlowGrain.Cli.Up;
using FlowGrain.Client;
using FlowGrain.Silo.Security.Tls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace FlowGrain.Bench;

/// <summary>Silo processes on a Redis of their own, as <c>up</c> starts them but without a supervisor, and a client that asks where things are.</summary>
internal sealed class SiloProcesses : IAsyncDisposable
{
    private const string Id = "flowgrain"; // Cluster:Id of the silos
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly string _home;
    private readonly string[] _settings;
    private readonly int _redisPort = FreePorts.Take(1)[0];
    private readonly Process _redis;
    private readonly Process?[] _silos;
    private readonly int[] _ports;
    private readonly IHost _client;
    private readonly HttpClient?[] _apis;

    private SiloProcesses(string home, int silos, SiloTlsOptions tls)
    {
        _settings = tls.IsSet ? [$"--Silo:Tls:Certificate={tls.Certificate}", $"--Silo:Tls:Key={tls.Key}", $"--Silo:Tls:Ca={tls.Ca}"] : [];
        (_home, _silos, _ports, _apis) = (home, new Process?[silos], new int[silos], new HttpClient?[silos]);
        var data = Directory.CreateDirectory(Path.Combine(home, "redis")).FullName;
        _redis = Launch("redis-server", "--port", $"{_redisPort}", "--bind", "127.0.0.1", "--dir", data, "--appendonly", "yes", "--appendfsync", "always", "--save", "");
        _client = new HostBuilder().ConfigureLogging(logging => logging.ClearProviders()).UseOrleansClient(client => (tls.IsSet ? client.UseTls(tls) : client)
            .UseRedisClustering($"127.0.0.1:{_redisPort},abortConnect=false")
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (Id, Id))
            .Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1))).Build();
    }

    internal IGrainFactory Grains => _client.Services.GetRequiredService<IGrainFactory>();

    internal int Silos => _silos.Length;

    /// <summary>The API of a silo.</summary>
    internal ICluster Api(int silo) => new HttpCluster(_apis[silo]!, new AnswerFiles(), TimeProvider.System);

    /// <summary>Starts all of it; returns when every silo takes work.</summary>
    /// <param name="home">Their folder.</param>
    /// <param name="silos">How many.</param>
    /// <param name="tls">The certificates that they show one another; null for plain text.</param>
    internal static async Task<SiloProcesses> Start(string home, int silos, SiloTlsOptions? tls = null)
    {
        var cluster = new SiloProcesses(home, silos, tls ?? new());
        await Task.WhenAll(Enumerable.Range(0, silos).Select(cluster.Start));
        await cluster._client.StartAsync();
        return cluster;
    }

    /// <summary>Starts a silo; returns when it takes work.</summary>
    internal async Task Start(int silo)
    {
        var settings = new SiloSettings(_home, Slots: 1, _redisPort, [.. FreePorts.Take(3)]);
        _ports[silo] = settings.Ports[0];
        string[] command = [.. settings.Command(_ => null), .. _settings];
        _silos[silo] = Launch(command[0], command[1..]);
        _apis[silo]?.Dispose();
        _apis[silo] = ApiConnection.Open(new Uri(settings.Url), key: null);
        using var http = new HttpClient();
        while (!await Answers(http, settings.Url)) await Task.Delay(Pause, TimeProvider.System);
    }

    /// <summary>Resident memory of a silo, bytes.</summary>
    internal long Resident(int silo)
    {
        _silos[silo]!.Refresh();
        return _silos[silo]!.WorkingSet64;
    }

    /// <summary>kill -9.</summary>
    internal void Kill(int silo)
    {
        Signals.Kill(_silos[silo]!.Id);
        _silos[silo]!.WaitForExit();
        _silos[silo]!.Dispose();
        _silos[silo] = null;
    }

    /// <summary>The silo that has a grain.</summary>
    internal async Task<int> HomeOf(IAddressable grain)
    {
        var address = await Repeated.Call(() => Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(grain).AsTask(), TimeProvider.System);
        return Array.IndexOf(_ports, address!.Endpoint.Port);
    }

    public async ValueTask DisposeAsync()
    {
        for (var silo = 0; silo < Silos; silo++) if (_silos[silo] is not null) Kill(silo);
        foreach (var api in _apis) api?.Dispose();
        await _client.StopAsync();
        _client.Dispose();
        _redis.Kill();
        await _redis.WaitForExitAsync();
        _redis.Dispose();
    }

    // What they say is of no interest, and a pipe that nobody reads would stop them.
    internal static Process Launch(string program, params string[] words) => Process.Start(new ProcessStartInfo("sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", program, .. words]))!;

    internal static async Task<bool> Answers(HttpClient http, string url)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri($"{url}/readyz"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // it does not listen yet
        }
    }
}
