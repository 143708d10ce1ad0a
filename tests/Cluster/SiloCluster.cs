using System.Collections.Concurrent;
using FlowGrain.Silo.Security.Tls;
using FlowGrain.Training;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace FlowGrain.Tests.Cluster;

/// <summary>Silos as real processes on a real Redis, with a client of the test's own.</summary>
internal sealed class SiloCluster : IAsyncDisposable
{
    private static readonly string Program = RealProcess.Program("FlowGrain.Silo", "FlowGrain.Silo.dll");

    private readonly string _redis;
    private readonly string _root;
    private readonly string _data;
    private readonly ConcurrentDictionary<string, RealProcess> _silos = []; // which supervisors replace
    private readonly ConcurrentDictionary<string, SiloPorts> _ports = [];
    private readonly List<Task> _supervisors = [];
    private readonly List<(string Name, RealProcess Silo)> _launched = [];
    private readonly CancellationTokenSource _over = new();
    private TaskCompletionSource _launch = new(TaskCreationOptions.RunContinuationsAsynchronously); // done at the next one
    private IHost? _client;

    internal SiloCluster(RedisServer redis, string root, string data)
        : this(redis.Address, root, data)
    {
    }

    internal SiloCluster(string redis, string root, string data) => (_redis, _root, _data) = (redis, root, data);

    /// <summary>Certificates of its silos and of the client. Default none.</summary>
    internal SiloTlsOptions? Tls { get; init; }

    internal IGrainFactory Grains => _client!.Services.GetRequiredService<IGrainFactory>();

    internal RealProcess this[string name] => _silos[name];

    /// <summary>What every silo said last, those included that ended.</summary>
    internal IEnumerable<string> Said => _launched.Select(launched => $"--- silo {launched.Name}, process {launched.Silo.Id}, {(launched.Silo.HasExited ? $"ended with {launched.Silo.ExitCode}" : "alive")}\n{launched.Silo.Last(60)}");

    /// <summary>Where a silo answers.</summary>
    internal Uri Url(string name) => new($"http://127.0.0.1:{_ports[name].Http}");

    /// <summary>Starts a silo; returns when it takes work.</summary>
    /// <param name="name">What the test calls it.</param>
    /// <param name="slots">Its worker slots.</param>
    /// <param name="hidden">A folder that it sees empty; null for none.</param>
    /// <param name="environment">Variables of its own.</param>
    internal async Task Start(string name, int slots = 1, string? hidden = null, params (string Name, string Value)[] environment)
    {
        var ports = _ports[name] = SiloPorts.Free();
        var settings = Settings(ports, slots);
        var silo = _silos[name] = hidden is null ? RealProcess.Start(Program, settings, environment) : RealProcess.StartBlind(hidden, Program, settings);
        lock (_launched) _launched.Add((name, silo));
        Interlocked.Exchange(ref _launch, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        if (_over.IsCancellationRequested) silo.Strike(); // it was started again while the others were struck
        await Ready(silo, ports);
    }

    /// <summary>Starts a silo that was killed again, on the ports that it had.</summary>
    internal async Task Restart(string name)
    {
        var ports = _ports[name];
        await Ready(_silos[name] = Launch(ports), ports);
    }

    /// <summary>The ports of a silo.</summary>
    internal SiloPorts PortsOf(string name) => _ports[name];

    /// <summary>Starts a silo that may not join, and waits for its end.</summary>
    /// <param name="ports">Its ports; free ones where none are given.</param>
    internal async Task<(int Code, string Output, string Errors)> Refused(SiloPorts? ports = null)
    {
        using var silo = Launch(ports ?? SiloPorts.Free());
        return await silo.End();
    }

    /// <summary>Starts a silo, of which its caller disposes.</summary>
    internal RealProcess Launch(SiloPorts ports) => RealProcess.Start(Program, Settings(ports, slots: 1));

    /// <summary>Starts a silo, and starts it again whenever it ends.</summary>
    internal async Task Supervise(string name)
    {
        await Start(name);
        _supervisors.Add(Again());

        async Task Again()
        {
            while (true)
            {
                await _silos[name].Exited;
                if (_over.IsCancellationRequested) return;
                await Start(name);
            }
        }
    }

    /// <summary>A silo that lives, which a supervised one does again soon after it ended.</summary>
    internal async Task<RealProcess> Living(string name)
    {
        while (true)
        {
            var next = Volatile.Read(ref _launch).Task;
            if (_silos[name] is { HasExited: false } silo) return silo;
            await next.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The silo that has an activation of a grain now, or null.</summary>
    internal async Task<string?> HomeOf(IAddressable grain)
    {
        var address = await Ask(() => Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(grain).AsTask());
        return address is null ? null : _ports.FirstOrDefault(silo => silo.Value.Silo == address.Endpoint.Port).Key;
    }

    /// <summary>Joins the cluster as a client.</summary>
    internal async Task Connect()
    {
        _client = new HostBuilder().UseOrleansClient(client => (Tls is null ? client : client.UseTls(Tls))
            .UseRedisClustering(_redis)
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("test", "test"))
            .Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(3)) // a question to a silo that was killed is asked again soon
            .Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1))).Build();
        await _client.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for progress of a kind.</summary>
    internal async Task<RunProgress> Until(string name, Func<RunProgress, bool> reached)
    {
        var run = Grains.GetGrain<IRunGrain>(name);
        var progress = await Ask(run.Progress);
        while (!reached(progress))
        {
            var seen = progress.Sequence;
            progress = await Ask(() => run.WaitForProgress(seen, TestContext.Current.CancellationToken));
        }

        return progress;
    }

    /// <summary>Trains to the end.</summary>
    internal async Task<RunResult> Train(string name, TrainingPlan plan, Func<RunProgress, Task>? at = null)
    {
        var run = Grains.GetGrain<IRunGrain>(name);
        var progress = await Ask(() => run.Start(plan, TestContext.Current.CancellationToken));
        while (progress.Phase is not (RunPhase.Finished or RunPhase.Failed))
        {
            if (at is not null) await at(progress);
            var seen = progress.Sequence;
            progress = await Ask(() => run.WaitForProgress(seen, TestContext.Current.CancellationToken));
        }

        Assert.True(progress.Phase == RunPhase.Finished, $"run '{name}' failed: {progress.Failure}");
        return (await Ask(run.Result))!;
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        foreach (var silo in _silos.Values) silo.Strike();
        await Task.WhenAll(_supervisors);
        foreach (var silo in _silos.Values) silo.Dispose();
        if (_client is not null)
        {
            await _client.StopAsync();
            _client.Dispose();
        }
    }

    private async Task Ready(RealProcess silo, SiloPorts ports)
    {
        using var client = new HttpClient();
        while (!await IsReady(client, ports.Http))
        {
            if (_over.IsCancellationRequested) return;
            Assert.False(silo.HasExited, silo.Errors);
        }
    }

    private string[] Settings(SiloPorts ports, int slots) =>
    [
        "--Cluster:Provider=redis", $"--Cluster:ConnectionString={_redis}", "--Cluster:Id=test", $"--Silo:Port={ports.Silo}", $"--Silo:GatewayPort={ports.Gateway}",
        $"--Http:Urls=http://127.0.0.1:{ports.Http}", $"--Storage:Root={_root}", $"--Data:Roots:0={_data}", $"--Devices:Cpu={slots}",
        .. Tls is null ? [] : new[] { $"--Silo:Tls:Certificate={Tls.Certificate}", $"--Silo:Tls:Key={Tls.Key}", $"--Silo:Tls:Ca={Tls.Ca}" },
    ];

    private static Task<T> Ask<T>(Func<Task<T>> call) => Repeated.Call(call, TimeProvider.System, TestContext.Current.CancellationToken);

    private static async Task<bool> IsReady(HttpClient client, int port)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/readyz"), TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // it does not listen yet
        }
    }
}

/// <summary>Where a silo listens.</summary>
internal sealed record SiloPorts(int Silo, int Gateway, int Http)
{
    internal static SiloPorts Free() => new(Ports.Free(), Ports.Free(), Ports.Free());
}
