using System.Globalization;
using FlowGrain.Storage;
using Orleans.GrainDirectory;
using StackExchange.Redis;

namespace FlowGrain.Silo;

/// <summary>Which silo has which grain: a key a grain in Redis, written only where nobody else has written.</summary>
/// <remarks>What is left of a silo that died is found out, and replaced, by who looks for the grain next; Orleans keeps what it has looked up.</remarks>
internal sealed class RedisGrainDirectory(IConnectionMultiplexer redis, string cluster, TimeProvider clock) : IGrainDirectory
{
    private IDatabase Database => redis.GetDatabase();

    public Task<GrainAddress?> Register(GrainAddress address) => Register(address, previousAddress: null);

    public async Task<GrainAddress?> Register(GrainAddress address, GrainAddress? previousAddress)
    {
        while (true)
        {
            if (await Swap(address.GrainId, previousAddress is null ? RedisValue.Null : Text(previousAddress), Text(address))) return address;
            if (await Lookup(address.GrainId) is { } known) return known;
            previousAddress = null; // what it would have replaced is gone
        }
    }

    public async Task<GrainAddress?> Lookup(GrainId grainId)
    {
        var text = await PatientRedis.Ask(() => Database.StringGetAsync(KeyOf(grainId)), clock);
        return text.IsNull ? null : Address(grainId, text.ToString());
    }

    public Task Unregister(GrainAddress address) => Swap(address.GrainId, Text(address), RedisValue.Null);

    public Task UnregisterSilos(List<SiloAddress> siloAddresses) => Task.CompletedTask;

    /// <summary>Replaces what a grain has, or nothing, by something else, or nothing. False where it had something else.</summary>
    private Task<bool> Swap(GrainId grain, RedisValue before, RedisValue after) => PatientRedis.Ask(
        () =>
        {
            var (key, transaction) = (KeyOf(grain), Database.CreateTransaction());
            transaction.AddCondition(before.IsNull ? Condition.KeyNotExists(key) : Condition.StringEqual(key, before));
            _ = after.IsNull ? (Task)transaction.KeyDeleteAsync(key) : transaction.StringSetAsync(key, after);
            return transaction.ExecuteAsync();
        },
        clock);

    private RedisKey KeyOf(GrainId grain) => $"flowgrain/{cluster}/grains/{grain}";

    private static string Text(GrainAddress address) => string.Create(
        CultureInfo.InvariantCulture, $"{address.SiloAddress!.ToParsableString()} {address.ActivationId.ToParsableString()} {address.MembershipVersion.Value}");

    private static GrainAddress Address(GrainId grain, string text)
    {
        var parts = text.Split(' ');
        return new GrainAddress
        {
            GrainId = grain,
            SiloAddress = SiloAddress.FromParsableString(parts[0]),
            ActivationId = ActivationId.FromParsableString(parts[1]),
            MembershipVersion = new MembershipVersion(long.Parse(parts[2], CultureInfo.InvariantCulture)),
        };
    }
}
