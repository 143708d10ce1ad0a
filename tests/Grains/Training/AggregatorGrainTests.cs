using FlowGrain.Flows;
using FlowGrain.Tests.Flows;
using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>What a range accepts, and what it says of the rest.</summary>
public sealed class AggregatorGrainTests : IAsyncLifetime
{
    private const int Shards = 2;

    private readonly Epoch _epoch = new(5, Guid.NewGuid());
    private readonly FlowSpec _spec = TestFlows.Spec("nice", 2);
    private EmbeddedFixture _embedded = null!;
    private IAggregatorGrain _range = null!;

    private int Parameters => _spec.Layout().Count;

    public async ValueTask InitializeAsync()
    {
        _embedded = await EmbeddedFixture.Start();
        _range = _embedded.Cluster.Grains.GetGrain<IAggregatorGrain>("m/0");
        await _range.Open(Opening(_epoch));
    }

    public ValueTask DisposeAsync() => _embedded.DisposeAsync();

    [Fact]
    public async Task A_repeated_submit_changes_nothing()
    {
        Assert.Equal(SubmitOutcome.Accepted, (await _range.Submit(Sum(0))).Outcome);
        Assert.Equal(SubmitOutcome.Duplicate, (await _range.Submit(Sum(0))).Outcome);
        Assert.Equal([1], await _range.Missing(_epoch, 0));
        await _range.Submit(Sum(1));
        Assert.Equal((3.0, 20L, 14UL, 1L), await _range.Reduced(_epoch, 0) is { } reduced ? (reduced.Loss, reduced.Rows, reduced.RowHash, reduced.Rejects) : default);
    }

    [Fact]
    public async Task Other_bits_for_the_same_shard_are_refused_and_the_run_is_told_who_computed_them_though_no_other_shard_comes()
    {
        await _range.Submit(Sum(0, worker: "first"));
        var waiting = _range.Reduced(_epoch, 0);
        Assert.Equal(SubmitOutcome.Mismatch, (await _range.Submit(Sum(0, worker: "second", value: 2))).Outcome);
        Assert.Equal(("first", "second"), (await waiting)?.Dispute is { } dispute ? (dispute.First.Worker, dispute.Second.Worker) : default);

        await _range.Submit(Sum(1)); // what was in doubt stays in doubt
        Assert.NotNull((await _range.Reduced(_epoch, 0))?.Dispute);
    }

    [Fact]
    public async Task Other_bits_that_come_when_all_shards_are_in_are_late_and_put_no_round_in_doubt()
    {
        for (var shard = 0; shard < Shards; shard++) await _range.Submit(Sum(shard));
        Assert.Equal(SubmitOutcome.Mismatch, (await _range.Submit(Sum(0, worker: "late", value: 2))).Outcome);
        Assert.Null((await _range.Reduced(_epoch, 0))!.Dispute);
        await _range.Apply(_epoch, Step(0));
        await _range.Submit(Sum(0) with { Round = 1 });
        await _range.Submit(Sum(1) with { Round = 1 });
        Assert.Null((await _range.Reduced(_epoch, 1))!.Dispute);
    }

    [Fact]
    public async Task Bytes_that_do_not_match_their_hash_are_refused()
    {
        var sum = Sum(0);
        Assert.Equal(SubmitOutcome.Damaged, (await _range.Submit(sum with { Hash = sum.Hash ^ 2 })).Outcome);
        Assert.Equal([0, 1], await _range.Missing(_epoch, 0));
    }

    [Fact]
    public async Task What_comes_late_from_an_older_epoch_or_for_another_round_is_refused()
    {
        Assert.Equal(SubmitOutcome.StaleEpoch, (await _range.Submit(Sum(0) with { Epoch = new Epoch(4, Guid.NewGuid()) })).Outcome);
        Assert.Equal(SubmitOutcome.StaleEpoch, (await _range.Submit(Sum(0) with { Epoch = _epoch with { Nonce = Guid.NewGuid() } })).Outcome);
        Assert.Equal(SubmitOutcome.StaleRound, (await _range.Submit(Sum(0) with { Round = 1 })).Outcome);
        await Assert.ThrowsAsync<StaleEpochException>(() => _range.Weights(_epoch, 1, WeightKind.Current, 0));
        await Assert.ThrowsAsync<StaleEpochException>(() => _range.Apply(new Epoch(4, Guid.NewGuid()), Step(0)));
        await Assert.ThrowsAsync<StaleEpochException>(() => _range.Open(Opening(new Epoch(4, Guid.NewGuid()))));
    }

    [Fact]
    public async Task A_range_without_state_says_that_it_was_lost()
    {
        await _range.Close(_epoch);
        await Assert.ThrowsAsync<RangeLostException>(() => _range.Reduced(_epoch, 0));
        Assert.Equal(SubmitOutcome.StaleEpoch, (await _range.Submit(Sum(0))).Outcome);
    }

    [Fact]
    public async Task A_step_is_made_once_however_often_it_is_asked_for()
    {
        for (var shard = 0; shard < Shards; shard++) await _range.Submit(Sum(shard));
        var once = await _range.Apply(_epoch, Step(0));
        var again = await _range.Apply(_epoch, Step(0));
        Assert.Equal(once.Values, again.Values);
        Assert.Equal(WeightsHash.Blocks((await _range.Weights(_epoch, 1, WeightKind.Current, 0)).Span), once.Values);
        Assert.Equal([0, 1], await _range.Missing(_epoch, 1));
    }

    [Theory, InlineData(WeightKind.Current), InlineData(WeightKind.Average), InlineData(WeightKind.Best)]
    public async Task Weights_of_every_kind_are_told_by_their_hashes(WeightKind kind)
    {
        for (var shard = 0; shard < Shards; shard++) await _range.Submit(Sum(shard));
        await _range.Apply(_epoch, Step(0));
        Assert.Equal(WeightsHash.Blocks((await _range.Weights(_epoch, 1, kind, 0)).Span), (await _range.Hashes(_epoch, 1, kind)).Values);
        await Assert.ThrowsAsync<StaleEpochException>(() => _range.Hashes(_epoch, 0, kind));
    }

    private AggregatorOpening Opening(Epoch epoch) => new(
        epoch, new ParameterRange(0, Parameters), Shards, 0, new Block<byte>(FlowSpecJson.Write(_spec)), [], new UpdateRule(SyncMode.Sync, 0, 0, 0, false));

    private PartialSum Sum(int shard, string worker = "w", float value = 1)
    {
        float[] sums = [.. Enumerable.Repeat(value, Parameters)];
        return new PartialSum(_epoch, 0, ShardSpan.Of(shard), 0, new Block<float>(sums), SiloRun.Hash(sums), [new ShardLeaf(shard, worker, SiloRun.Hash(sums))], shard + 1, 10, null, RowHash: 7);
    }

    private static RoundStep Step(long round) => new(round, 0.1f, 1e-3f, 0.9f, null);
}
