using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

public sealed class ArbitrationTests
{
    private readonly ShardLeaf _first = new(7, "m/one/0", 11);
    private readonly ShardLeaf _second = new(7, "m/two/0", 22);

    [Theory, InlineData(11, "m/two/0"), InlineData(22, "m/one/0")]
    public async Task The_one_that_a_third_worker_does_not_agree_with_is_wrong(ulong third, string wrong)
    {
        var arbitration = new Arbitration(new Dispute(_first, _second));
        arbitration.Decide(Report(shard: 6, third)); // of something else
        Assert.False(arbitration.Wrong.IsCompleted);
        arbitration.Decide(Report(shard: 7, third));
        Assert.Equal(wrong, (await arbitration.Wrong).Worker);
    }

    [Fact]
    public async Task Three_different_results_end_the_run_with_a_sentence()
    {
        var arbitration = new Arbitration(new Dispute(_first, _second));
        arbitration.Decide(Report(shard: 7, 33));
        Assert.Contains("three different results for shard 7", (await Assert.ThrowsAsync<InvalidOperationException>(() => arbitration.Wrong)).Message);
    }

    [Fact]
    public async Task Who_contradicts_itself_is_wrong_without_a_third()
    {
        var arbitration = new Arbitration(new Dispute(_first, _first with { Hash = 22 }));
        Assert.Equal(_first.Worker, (await arbitration.Wrong).Worker);
    }

    private static LeaseReport Report(int shard, ulong hash) => new(ShardWork.Arbitrate, 3, shard, 1, hash);
}
