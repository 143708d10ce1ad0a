using FlowGrain.Training;
using Orleans.Configuration;
using StackExchange.Redis;

namespace FlowGrain.Silo;

/// <summary>A cluster of silos that find each other in Redis, and keep their journal there.</summary>
internal static class RedisHosting
{
    // With Orleans' defaults a silo that is killed is noticed after ten seconds, and one that hangs after twenty-five.
    private static readonly TimeSpan Probes = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LifeSigns = TimeSpan.FromSeconds(2); // three missed, and a silo that starts need not reach it: after a kill of all, no 90 s
    private const int MissedProbes = 2;

    extension(ISiloBuilder silo)
    {
        /// <summary>Membership, directory of grains and journal in Redis.</summary>
        internal ISiloBuilder UseRedis(ClusterOptions cluster)
        {
            var redis = ConfigurationOptions.Parse(cluster.ConnectionString);
            (redis.AbortOnConnectFail, redis.AllowAdmin) = (false, true); // a Redis that restarts is waited for; it is asked how it keeps its data
            silo.Services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect(redis));
            silo.Services.AddSingleton<IRunJournal, RedisJournal>();
            silo.Services.AddSingleton<IRunHolds, ClusterHolds>();
            silo.Services.AddHostedService<RedisDurability>();
            silo.Services.AddSingleton<Admission>();
            silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(services => services.GetRequiredService<Admission>());
            silo.Services.AddHostedService(services => services.GetRequiredService<Admission>());
            return silo
                .UseRedisGrainDirectoryAsDefault(options => options.ConfigurationOptions = redis)
                .UseRedisClustering(options => options.ConfigurationOptions = redis)
                .Configure<Orleans.Configuration.ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster.Id, cluster.Id))
                .Configure<ClusterMembershipOptions>(options =>
                {
                    options.ProbeTimeout = Probes;
                    options.NumMissedProbesLimit = MissedProbes;
                    options.NumVotesForDeathDeclaration = 1;
                    options.TableRefreshTimeout = Refresh;
                    options.IAmAliveTablePublishTimeout = LifeSigns;
                });
        }
    }
}
