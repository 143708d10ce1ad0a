using System.Globalization;
using FlowGrain.Cluster;
using FlowGrain.Storage;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace FlowGrain.Silo;

/// <summary>
/// Whether this silo may join the cluster that its settings name: the silos of a cluster share one Storage:Root, and speak
/// versions that understand each other. One that may not ends with a sentence, before anybody sees it.
/// </summary>
internal sealed partial class Admission(
    IConnectionMultiplexer redis, ILocalSiloDetails silo, IOptions<Orleans.Configuration.ClusterOptions> cluster, IOptions<StorageOptions> storage, TimeProvider clock, ILogger<Admission> logger)
    : BackgroundService, ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan Beats = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20); // a silo that ended is no reason to refuse its successor for longer

    private string Id => cluster.Value.ClusterId;

    private RedisKey Folder => $"flowgrain/{Id}/storage";

    private RedisKey Voices => $"flowgrain/{Id}/wire-versions";

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(Admission), ServiceLifecycleStage.RuntimeInitialize, Require);

    /// <summary>Says which version this silo speaks, while it lives.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Beats, clock);
        try
        {
            do await TrySpeak();
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await redis.GetDatabase().SortedSetRemoveAsync(Voices, Voice, CommandFlags.FireAndForget);
        }
    }

    private RedisValue Voice => $"{WireVersion.Current} {silo.SiloAddress.Endpoint}";

    private double Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private async Task Require(CancellationToken cancellation)
    {
        try
        {
            string?[] faults = [await OtherFolder(), await OtherLanguage()];
            if (faults.OfType<string>().ToList() is { Count: > 0 } found) throw new OptionsValidationException("Cluster", typeof(ClusterOptions), found);
            await Speak();
        }
        catch (Exception error) when (error is RedisConnectionException or RedisTimeoutException)
        {
            throw new IOException($"Redis does not answer at {string.Join(", ", redis.GetEndPoints())}; start it there, or correct Cluster:ConnectionString.", error);
        }
    }

    private async Task<string?> OtherFolder()
    {
        var root = Path.GetFullPath(storage.Value.Root);
        var here = FolderIdentity.Of(root);
        await redis.GetDatabase().StringSetAsync(Folder, here, when: When.NotExists);
        return await redis.GetDatabase().StringGetAsync(Folder) == here ? null
            : $"Cluster '{Id}' keeps its models and checkpoints in another folder than this silo's Storage:Root '{root}'; share that folder with all of its silos, give another cluster another Cluster:Id, " +
              $"or, if the folder of this one is gone for good, let this silo have it with 'redis-cli DEL {Folder}'.";
    }

    private async Task<string?> OtherLanguage()
    {
        var voices = await redis.GetDatabase().SortedSetRangeByScoreAsync(Voices, Now - Silence.TotalMilliseconds);
        foreach (var voice in voices)
        {
            var parts = voice.ToString().Split(' ', 2);
            if (WireVersion.Interoperate(int.Parse(parts[0], CultureInfo.InvariantCulture), WireVersion.Current)) continue;
            return $"This silo speaks version {WireVersion.Current} of the wire and {parts[1]} of cluster '{Id}' version {parts[0]}, which only neighbours understand; bring the cluster to a version between them first, silo by silo.";
        }

        return null;
    }

    private async Task TrySpeak()
    {
        try
        {
            await Speak();
        }
        catch (Exception error) when (error is RedisException or RedisTimeoutException)
        {
            NotSaid(error);
        }
    }

    private async Task Speak()
    {
        var database = redis.GetDatabase();
        await database.SortedSetAddAsync(Voices, Voice, Now);
        await database.SortedSetRemoveRangeByScoreAsync(Voices, double.NegativeInfinity, Now - Silence.TotalMilliseconds);
    }

    [LoggerMessage(EventId = 4110, Level = LogLevel.Warning, Message = "Redis does not answer, so silos that start now do not learn which version of the wire this one speaks; it is said again in five seconds.")]
    private partial void NotSaid(Exception error);
}
