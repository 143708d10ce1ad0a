using FlowGrain.Storage;
using StackExchange.Redis;

namespace FlowGrain.Cli.Up;

/// <summary>The Redis of <c>up</c>: it keeps all that it is told, in the home.</summary>
internal static class OwnRedis
{
    private const string Program = "redis-server";
    private const string Cluster = "flowgrain"; // Cluster:Id of the silos
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether this machine has one.</summary>
    internal static bool IsInstalled => Programs.Find(Program) is not null;

    /// <summary>Starts it.</summary>
    internal static async Task<Supervised> Start(Invocation cli, UpFolder folder, int port, CancellationToken cancellation)
    {
        var data = folder.Redis;
        Durable.CreateFolder(data);
        var redis = new Supervised("redis", [Program, "--port", $"{port}", "--bind", "127.0.0.1", "--dir", data, "--appendonly", "yes", "--appendfsync", "always", "--save", ""], folder, cli);
        try
        {
            await redis.Start(cancelled => Ready(port, cli.Host.Clock, cancelled), cancellation);
            return redis;
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    // The silos of an earlier up are gone, and the new ones would wait for them.
    private static async Task Ready(int port, TimeProvider clock, CancellationToken cancellation)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions { EndPoints = { { "127.0.0.1", port } }, AbortOnConnectFail = false });
        while (!await Forgotten(redis)) await Task.Delay(Pause, clock, cancellation);
    }

    private static async Task<bool> Forgotten(ConnectionMultiplexer redis)
    {
        try
        {
            // Together: membership begins again at its first version, at which what the directory has of silos long gone would count as alive.
            RedisKey[] ofSilos = [$"{Cluster}/members/{Cluster}", .. redis.GetServers()[0].Keys(pattern: $"{Cluster}/directory/*")];
            await redis.GetDatabase().KeyDeleteAsync(ofSilos);
            return true;
        }
        catch (RedisException)
        {
            return false; // it starts, or reads what it has kept
        }
    }
}
