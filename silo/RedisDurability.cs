using FlowGrain.Training;
using StackExchange.Redis;

namespace FlowGrain.Silo;

/// <summary>Says so, in the log and of every run, when Redis would forget the journal with its process. It is asked every minute: it may have been set otherwise, or have given way to another one.</summary>
internal sealed partial class RedisDurability(IConnectionMultiplexer redis, JournalRisk risk, TimeProvider clock, ILogger<RedisDurability> logger) : BackgroundService
{
    private const string Advice = "Start it with --appendonly yes --appendfsync always.";
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Again, clock);
        do
        {
            var sentence = await Risk();
            if (sentence is not null && sentence != risk.Sentence) NotDurable(sentence);
            risk.Sentence = sentence;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<string?> Risk()
    {
        try
        {
            var server = redis.GetServers().First(server => server.IsConnected);
            var (kept, synced) = (await Setting(server, "appendonly"), await Setting(server, "appendfsync"));
            return (kept, synced) == ("yes", "always") ? null
                : $"Redis has appendonly {kept} and appendfsync {synced}: what it was told can be lost when it restarts, and runs then begin at an older commit or not at all. {Advice}";
        }
        catch (Exception error) when (error is RedisException or RedisTimeoutException or RedisCommandException or InvalidOperationException)
        {
            return $"Redis did not say whether it keeps what it is told ({error.Message.TrimEnd('.')}). {Advice}";
        }
    }

    private static async Task<string> Setting(IServer server, string name) => (await server.ConfigGetAsync(name)).Select(pair => pair.Value).FirstOrDefault("unknown");

    [LoggerMessage(EventId = 4100, Level = LogLevel.Warning, Message = "{Sentence}")]
    private partial void NotDurable(string sentence);
}
