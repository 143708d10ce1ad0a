using FlowGrain.Training;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>Who gets which work, on a clock that the test holds.</summary>
public sealed class LeaseBoardTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly LeaseBoard _board;
    private readonly HashSet<string> _dead = [];

    public LeaseBoardTests() => _board = new LeaseBoard(_clock);

    [Fact]
    public async Task Every_shard_is_given_once()
    {
        Post(shards: 5);
        var given = new List<int>();
        for (var i = 0; i < 5; i++) given.Add((await Take("a"))!.Shard);
        Assert.Equal([0, 1, 2, 3, 4], given.Order());
        Assert.False(Asked("b").IsCompleted);
    }

    [Fact]
    public async Task The_shards_of_a_silo_are_neighbours_and_what_is_left_over_goes_to_the_faster_one()
    {
        Post(shards: 8, silos: 2);
        List<int> given = [];
        foreach (var (worker, silo) in new[] { ("a", "one"), ("b", "one"), ("c", "two") }) given.Add((await Take(worker, silo))!.Shard);
        for (var i = 0; i < 5; i++) given.Add((await Take("a", "one"))!.Shard);
        Assert.Equal([0, 1, 4, 2, 3, 7, 6, 5], given);
    }

    [Fact]
    public async Task Who_waits_gets_what_is_posted()
    {
        var waiting = Asked("a");
        Assert.False(waiting.IsCompleted);
        Post(shards: 1);
        Assert.Equal(0, (await waiting)!.Shard);
    }

    [Fact]
    public async Task Who_waits_for_ten_seconds_is_told_to_ask_again()
    {
        var waiting = Asked("a");
        _clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Null(await waiting);
    }

    [Fact]
    public async Task A_closed_board_sends_everyone_away()
    {
        var waiting = Asked("a");
        _board.Close();
        await Assert.ThrowsAsync<StaleEpochException>(() => waiting);
        await Assert.ThrowsAsync<StaleEpochException>(() => Take("b"));
    }

    [Fact]
    public async Task What_a_lost_worker_had_goes_to_others_once_more_and_counts_its_attempts()
    {
        Post(shards: 2);
        var (first, second) = ((await Take("a"))!, (await Take("b"))!);
        Finish("b", second, seconds: 1);
        _board.Lost("a");
        _board.Lost("b"); // what it had computed is not asked for again
        var again = (await Take("c"))!;
        Assert.Equal((first.Shard, 1, 2), (again.Shard, first.Attempt, again.Attempt));
        Assert.False(Asked("c").IsCompleted);
    }

    [Fact]
    public async Task What_a_worker_asked_before_it_died_gets_nothing()
    {
        var asked = Asked("dead");
        _dead.Add("dead");
        Post(shards: 1);
        Assert.Null(await asked);
        Assert.Equal(0, (await Take("a"))!.Shard);
    }

    [Fact]
    public async Task A_lease_that_its_worker_does_not_know_of_goes_to_others()
    {
        Post(shards: 2);
        var (known, lost) = ((await Take("a"))!, (await Take("a"))!);
        _board.Confirm("a", [known.Id]); // its answer may still be on its way
        var waiting = Asked("b");
        Assert.False(waiting.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(2.5));
        _board.Confirm("a", [known.Id]);
        Assert.Equal(lost.Shard, (await waiting)!.Shard);
        Assert.False(Asked("b").IsCompleted);
    }

    [Fact]
    public async Task Sums_that_were_lost_are_computed_again()
    {
        Post(shards: 2);
        Finish("a", (await Take("a"))!, seconds: 1);
        _board.Again([0, 1]); // the second still waits, and is not given twice
        List<int> given = [(await Take("b"))!.Shard, (await Take("b"))!.Shard];
        Assert.Equal([0, 1], given.Order());
        Assert.False(Asked("b").IsCompleted);
    }

    [Fact]
    public async Task A_lease_that_takes_far_longer_than_the_others_is_given_out_again_to_somebody_else()
    {
        var late = new List<(string Worker, int Shard)>();
        _board.Late = (worker, lease) => late.Add((worker, lease.Shard));
        Post(shards: 4);
        var slow = (await Take("slow"))!;
        for (var i = 0; i < 3; i++) Finish("fast", (await Take("fast"))!, seconds: 1);
        var idle = Asked("fast");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(idle.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        var hedge = (await idle)!;
        Assert.Equal((slow.Shard, 2), (hedge.Shard, hedge.Attempt));
        Assert.Equal([("slow", slow.Shard)], late);

        Finish("fast", hedge, seconds: 1);
        Finish("slow", slow, seconds: 9); // too late; nobody minds
        Assert.False(Asked("fast").IsCompleted);
    }

    [Fact]
    public async Task Before_half_of_the_shards_are_computed_nothing_is_late()
    {
        Post(shards: 4);
        await Take("slow");
        await Take("slow");
        await Take("slow");
        Finish("fast", (await Take("fast"))!, seconds: 1);
        var idle = Asked("fast");
        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(idle.IsCompleted);
    }

    [Fact]
    public async Task All_leases_of_a_device_that_hangs_while_its_worker_beats_go_to_others_once_their_deadline_is_over()
    {
        var overdue = new List<(string Worker, int Shard)>();
        _board.Overdue = (worker, lease) => overdue.Add((worker, lease.Shard));
        Post(shards: 8);
        var hung = new[] { (await Take("hung"))!, (await Take("hung"))! };
        for (var i = 0; i < 6; i++) Finish("able", (await Take("able"))!, seconds: 0.01);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Finish("able", (await Take("able"))!, seconds: 0.01); // late, and the only one that is overtaken

        _clock.Advance(TimeSpan.FromSeconds(8));
        _board.Confirm("hung", [.. hung.Select(lease => lease.Id)]);
        var idle = Asked("able");
        Assert.False(idle.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(hung[1].Shard, (await Given(idle))!.Shard);
        Assert.Equal([("hung", hung[1].Shard)], overdue);
    }

    [Fact]
    public async Task A_round_of_a_single_shard_passes_from_one_device_that_hangs_to_the_next()
    {
        Post(shards: 1);
        await Take("a");
        _clock.Advance(TimeSpan.FromSeconds(59)); // nobody knows how long it takes
        var idle = Asked("b");
        Assert.False(idle.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((0, 2), (await Given(idle)) is { } second ? (second.Shard, second.Attempt) : default);
        _clock.Advance(TimeSpan.FromSeconds(61));
        var third = (await Take("c"))!;
        _board.Lost("c"); // b has it still, and had its time
        Assert.Equal(4, (await Take("d"))!.Attempt);
        Finish("a", third, seconds: 130); // the first comes first in the end
        Assert.False(Asked("e").IsCompleted);
    }

    [Fact]
    public async Task A_deadline_follows_how_long_such_work_took_in_rounds_before()
    {
        Post(shards: 1);
        Finish("a", (await Take("a"))!, seconds: 5);
        Post(shards: 1);
        await Take("a");
        _clock.Advance(TimeSpan.FromSeconds(99));
        var idle = Asked("b");
        Assert.False(idle.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, (await Given(idle))!.Shard);
    }

    [Fact]
    public async Task A_question_whose_answer_is_lost_or_overdue_goes_to_another()
    {
        Post(shards: 1);
        Finish("a", (await Take("a"))!, seconds: 0.1);
        _board.Ask(new ShardLease(ShardWork.Arbitrate, 3, 0, 0, 0, 10, 0, 0, null), ["a", "b"]);
        var lost = (await Take("c"))!;
        _clock.Advance(TimeSpan.FromSeconds(2.5));
        _board.Confirm("c", []);
        Assert.Equal(lost.Id, (await Take("d"))!.Id);
        _clock.Advance(TimeSpan.FromSeconds(11));
        Assert.False(Asked("a").IsCompleted);
        Assert.Equal(lost.Id, (await Take("e"))!.Id);
    }

    [Fact]
    public async Task A_question_of_its_own_goes_to_none_of_those_it_is_about()
    {
        Post(shards: 1);
        var lease = (await Take("a"))!;
        _board.Ask(lease with { Work = ShardWork.Arbitrate }, ["a", "b"]);
        Assert.False(Asked("a").IsCompleted);
        Assert.False(Asked("b").IsCompleted);
        Assert.Equal((ShardWork.Arbitrate, 0), ((await Take("c"))!.Work, lease.Shard));
        Assert.False(Asked("d").IsCompleted);
        _board.Lost("c");
        Assert.Equal(ShardWork.Arbitrate, (await Take("d"))!.Work);
    }

    private void Post(int shards, int silos = 1) =>
        _board.Post([.. Enumerable.Range(0, shards).Select(shard => new ShardLease(ShardWork.Gradient, 3, shard, 0, shard * 10, 10, 0, 0, null))], silos);

    private void Finish(string worker, ShardLease lease, double seconds) => _board.Finished(worker, new LeaseReport(lease.Work, lease.Round, lease.Shard, seconds, 0));

    private Task<ShardLease?> Take(string worker, string silo = "one") => Given(Asked(worker, silo));

    private static Task<ShardLease?> Given(Task<ShardLease?> asked) => asked.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

    private Task<ShardLease?> Asked(string worker, string silo = "one") => _board.Take(worker, silo, () => !_dead.Contains(worker), TestContext.Current.CancellationToken);
}
