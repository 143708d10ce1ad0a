using FlowGrain.Training;
using StackExchange.Redis;

namespace FlowGrain.Silo;

/// <summary>Says so, in the log and of every run, when Redis would forget the journal with its process.</summary>
internal sealed partial class RedisDurability(IConnectionMultiplexer redis, JournalRisk risk, ILogger<RedisDurability> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            var server = redis.GetServers().First(server => server.IsConnected);
            var (kept, synced) = (await Setting(server, "appendonly"), await Setting(server, "appendfsync"));
            if ((kept, synced) == ("yes", "always")) return;
            risk.Sentence = $"Redis has appendonly {kept} and appendfsync {synced}: what it was told can be lost when it restarts, and runs then begin at an older commit or not at all. Start it with --appendonly yes --appendfsync always.";
            NotDurable(risk.Sentence);
        }
        catch (Exception error) when (error is RedisException or RedisCommandException or InvalidOperationException)
        {
            NotAsked(error);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task<string> Setting(IServer server, string name) => (await server.ConfigGetAsync(name)).Select(pair => pair.Value).FirstOrDefault("unknown");

    [LoggerMessage(EventId = 4100, Level = LogLevel.Warning, Message = "{Sentence}")]
    private partial void NotDurable(string sentence);

    [LoggerMessage(EventId = 4101, Level = LogLevel.Warning, Message = "Redis could not be asked whether it keeps what it is told; make sure that it runs with --appendonly yes --appendfsync always.")]
    private partial void NotAsked(Exception error);
}
