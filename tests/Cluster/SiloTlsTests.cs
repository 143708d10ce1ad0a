using FlowGrain.Silo.Security.Tls;
using FlowGrain.Tests.Grains;
using FlowGrain.Tests.Silo.Security;

namespace FlowGrain.Tests.Cluster;

/// <summary>Silos that talk in TLS, and strangers who would like to join them.</summary>
public sealed class SiloTlsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly RedisServer _redis = new();
    private readonly TestCa _ca;

    public SiloTlsTests() => _ca = new(_folder.Path);

    public void Dispose()
    {
        _ca.Dispose();
        _redis.Dispose();
        _folder.Dispose();
    }

    [Fact(Timeout = 300_000)]
    public async Task Two_silos_with_certificates_train_together_to_the_bits_of_one_process_and_renewed_ones_are_used()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        await using var embedded = await EmbeddedFixture.Start();
        var plan = embedded.Plan(steps: 300) with { Shards = 8 };
        var alone = await embedded.Train("m", plan);
        await using var cluster = Cluster(_ca, "silo", Path.GetDirectoryName(plan.Data.Path)!);
        await Task.WhenAll(cluster.Start("a"), cluster.Start("b"));
        await cluster.Connect();
        Assert.Equal(alone.WeightsSha256, (await cluster.Train("m", plan)).WeightsSha256);

        _ca.Sign("silo"); // the files have other certificates now; who joins has none of the old ones
        await cluster.Start("c");
        Assert.Equal(alone.WeightsSha256, (await cluster.Train("again", plan)).WeightsSha256);
        Assert.Equal(3, (await Members(cluster)).Count);
    }

    [Theory(Timeout = 300_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_silo_without_a_certificate_of_the_authority_does_not_join(bool hasAnother)
    {
        await using var cluster = Cluster(_ca, "silo", _folder.Path);
        await cluster.Start("a");
        await cluster.Connect();
        using var others = new TestCa(_folder.Path, "others");
        await using var stranger = hasAnother ? Cluster(others, "stranger", _folder.Path) : new SiloCluster(_redis, _folder.In("store"), _folder.Path);
        using var process = stranger.Launch(SiloPorts.Free());
        await cluster["a"].Logs("; both sides must have Silo:Tls, with certificates of one CA.", TestContext.Current.CancellationToken);
        Assert.Single(await Members(cluster));
        Assert.DoesNotContain("silo ready", process.Last(100), StringComparison.Ordinal);
    }

    private static async Task<Dictionary<SiloAddress, SiloStatus>> Members(SiloCluster cluster) => await cluster.Grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true);

    private SiloCluster Cluster(TestCa ca, string name, string data)
    {
        var (certificate, key) = ca.Sign(name);
        return new(_redis, _folder.In("store"), data) { Tls = new SiloTlsOptions { Certificate = certificate, Key = key, Ca = ca.Path } };
    }
}
