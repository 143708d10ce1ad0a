using System.Diagnostics;

namespace FlowGrain.Tests.Cluster;

/// <summary>Silos whose Redis is gone for longer than anybody waits.</summary>
public sealed class RedisAwayTests : ClusterTest
{
    private protected override Task Begin(SiloCluster cluster) => cluster.Start("a");

    [Fact(Timeout = 300_000)]
    public async Task A_silo_says_so_once_and_ends_when_it_is_asked_to()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        Redis.Stop();
        await Cluster["a"].Logs("Redis or Storage:Root does not answer", TestContext.Current.CancellationToken);
        var asked = Stopwatch.GetTimestamp();
        Cluster["a"].Stop();
        var (code, said, errors) = await Cluster["a"].End();
        Assert.Equal(1, code);
        Assert.EndsWith("that does not answer, so it ends without; runs go on from their last commit.", errors.TrimEnd(), StringComparison.Ordinal);
        Assert.Single(said.Split("Redis or Storage:Root does not answer")[1..]);
        Assert.InRange(Stopwatch.GetElapsedTime(asked).TotalSeconds, 29, 45);
    }
}
