using System.Collections.Immutable;

namespace FlowGrain.Cli.Up;

/// <summary>Silo processes on this machine, with a Redis where there is one.</summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly List<Supervised> _silos = [];
    private Supervised? _redis;

    private LocalCluster(string logs) => Logs = logs;

    /// <summary>The addresses of their APIs.</summary>
    internal ImmutableArray<string> Urls { get; private set; } = [];

    /// <summary>Where their logs lie.</summary>
    internal string Logs { get; }

    /// <summary>Starts all of it; returns when every silo takes work.</summary>
    internal static async Task<LocalCluster> Start(Invocation cli, UpFolder folder, int silos, CancellationToken cancellation)
    {
        var cluster = new LocalCluster(folder.Path);
        cli.Host.Interrupts.LastWords = () => Task.FromResult(cluster.EndNow());
        try
        {
            await cluster.Launch(cli, folder, silos, cancellation);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Keeps it running until it is interrupted.</summary>
    internal async Task Serve(CancellationToken interrupted)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = interrupted.Register(stopped.SetResult);
        var all = _silos.Concat(_redis is null ? [] : [_redis]).Select(process => process.Running);
        await await Task.WhenAny(all.Append(stopped.Task));
    }

    /// <summary>Stops the silos, then their Redis.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_silos.Select(silo => silo.DisposeAsync().AsTask()));
        if (_redis is not null) await _redis.DisposeAsync();
    }

    private string EndNow()
    {
        foreach (var process in _silos.Concat(_redis is null ? [] : [_redis])) process.Kill();
        return "Ended at once; the runs go on from their last checkpoint with the next up.";
    }

    private async Task Launch(Invocation cli, UpFolder folder, int wanted, CancellationToken cancellation)
    {
        var silos = OwnRedis.IsInstalled ? wanted : 1;
        var ports = folder.Ports.Take(silos);
        if (OwnRedis.IsInstalled) _redis = await OwnRedis.Start(cli, folder, ports.Redis, cancellation);
        else cli.Say($"redis-server is not installed, so that one silo runs alone{(wanted > 1 ? $" and not {wanted}" : "")}, and nothing works while it is away; install it: apt-get install redis-server");
        var settings = ports.Silos.Select(own => new SiloSettings(cli.Home.Path, Slots(silos), _redis is null ? null : ports.Redis, [.. own])).ToArray();
        foreach (var (index, silo) in settings.Index()) _silos.Add(new Supervised($"silo-{index + 1}", silo.Command(cli.Host.Variable), folder, cli));
        await Task.WhenAll(_silos.Zip(settings, (silo, setting) => silo.Start(cancelled => Ready(setting.Url, cli.Host.Clock, cancelled), cancellation)));
        Urls = [.. settings.Select(setting => setting.Url)];
    }

    // The cores divided, at least one each: more slots than cores make nobody faster.
    private static int Slots(int silos) => Math.Max(1, Environment.ProcessorCount / silos);

    private static async Task Ready(string url, TimeProvider clock, CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        while (!await Answers(http, url, cancellation)) await Task.Delay(Pause, clock, cancellation);
    }

    private static async Task<bool> Answers(HttpClient http, string url, CancellationToken cancellation)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri($"{url}/readyz"), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // it does not listen yet
        }
    }
}
