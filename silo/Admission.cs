using System.Globalization;
using System.Net;
using FlowGrain.Cluster;
using FlowGrain.Storage;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace FlowGrain.Silo;

/// <summary>
/// Whether this silo may join the cluster that its settings name: the silos of a cluster share one Storage:Root, which no other
/// cluster uses, and speak versions that understand each other. One that may not ends with a sentence, before it is a member.
/// </summary>
/// <remarks>Each first says what it is and then listens, so that of two that start together one hears the other.</remarks>
internal sealed partial class Admission(
    IConnectionMultiplexer redis, ILocalSiloDetails silo, IOptions<Orleans.Configuration.ClusterOptions> cluster, IOptions<StorageOptions> storage, TimeProvider clock, ILogger<Admission> logger)
    : BackgroundService, ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan Beats = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20); // a silo that ended is no reason to refuse its successor for longer

    private readonly FolderClusters _folder = new(Path.GetFullPath(storage.Value.Root), clock);
    private readonly string _proposed = $"{Guid.NewGuid():N}"; // what the cluster is known by, if this is its first silo
    private string? _known;
    private long? _silentSince; // a timestamp; null while Redis and the folder answer

    private string Id => cluster.Value.ClusterId;

    private string Root => Path.GetFullPath(storage.Value.Root);

    private RedisKey Folder => $"flowgrain/{Id}/storage";

    private RedisKey Identity => $"flowgrain/{Id}/identity";

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
            var otherFolder = await OtherFolder();
            await Speak();
            string?[] faults = [otherFolder, OtherCluster(), await OtherLanguage()];
            if (faults.OfType<string>().ToList() is not { Count: > 0 } found) return;
            await redis.GetDatabase().SortedSetRemoveAsync(Voices, Voice);
            _folder.TakeBack(_known!);
            throw new OptionsValidationException("Cluster", typeof(ClusterOptions), found);
        }
        catch (Exception error) when (error is RedisConnectionException or RedisTimeoutException)
        {
            throw new IOException($"Redis does not answer at {string.Join(", ", redis.GetEndPoints().Select(Name))}; start it there, or correct Cluster:ConnectionString.", error);
        }
    }

    private static string Name(EndPoint redis) => redis is DnsEndPoint named ? $"{named.Host}:{named.Port}" : $"{redis}";

    private async Task<string?> OtherFolder()
    {
        var here = FolderIdentity.Of(Root);
        await redis.GetDatabase().StringSetAsync(Folder, here, when: When.NotExists);
        return await redis.GetDatabase().StringGetAsync(Folder) == here ? null
            : $"Cluster '{Id}' keeps its models and checkpoints in another folder than this silo's Storage:Root '{Root}'; share that folder with all of its silos, give another cluster another Cluster:Id, " +
              $"or, if the folder of this one is gone for good, let this silo have it with 'redis-cli DEL {Folder}'.";
    }

    private string? OtherCluster() => !_folder.HasOthers(_known!, Silence) ? null
        : $"Storage:Root '{Root}' is in use by the silos of another cluster, on another Redis or of another Cluster:Id than this silo's '{Id}'; give this cluster a folder of its own, or this silo the Redis and the Cluster:Id of the others.";

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
            if (_silentSince is { } since) Answers(clock.GetElapsedTime(since).TotalSeconds);
            _silentSince = null;
        }
        catch (Exception error) when (error is RedisException or RedisTimeoutException or IOException or UnauthorizedAccessException)
        {
            if (_silentSince is null) DoesNotAnswer(error.Message.Split([" - ", "\n"], 2, StringSplitOptions.None)[0]);
            _silentSince ??= clock.GetTimestamp();
        }
    }

    private async Task Speak()
    {
        var database = redis.GetDatabase();
        await database.StringSetAsync(Identity, _known ?? _proposed, when: When.NotExists); // again to a Redis that has forgotten
        _folder.Speak(_known = (string?)await database.StringGetAsync(Identity) ?? _known ?? _proposed);
        await database.SortedSetAddAsync(Voices, Voice, Now);
        await database.SortedSetRemoveRangeByScoreAsync(Voices, double.NegativeInfinity, Now - Silence.TotalMilliseconds);
    }

    [LoggerMessage(EventId = 4110, Level = LogLevel.Warning, Message = "Redis or Storage:Root does not answer: runs wait with their next commit, silos cannot join or leave, and most questions are answered when it is back. {Reason}")]
    private partial void DoesNotAnswer(string reason);

    [LoggerMessage(EventId = 4111, Level = LogLevel.Warning, Message = "Redis and Storage:Root answer again, after {Seconds:F0} s.")]
    private partial void Answers(double seconds);
}
