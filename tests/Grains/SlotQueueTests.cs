using System.Collections.Immutable;
using FlowGrain.Cluster;

namespace FlowGrain.Tests.Grains;

public sealed class SlotQueueTests
{
    private static readonly SiloDescription[] Silos = [new("a", "1", ["avx2"], 2, 0), new("b", "1", ["avx2", "torch"], 2, 0)];

    [Fact]
    public void A_run_alone_has_every_slot_of_its_class()
    {
        Assert.Equal(4, Divide(Run("m"))["m"].Length);
        Assert.All(Divide(Run("m", deviceClass: "torch"))["m"], slot => Assert.Equal("b", slot.Silo));
        Assert.Empty(Divide(Run("m", deviceClass: "cuda"))["m"]);
    }

    [Fact]
    public void Runs_of_one_priority_share_equally_and_the_older_ones_come_first_where_there_are_too_few()
    {
        var shares = Divide(Run("first", since: 1), Run("second", since: 2));
        Assert.Equal((2, 2), (shares["first"].Length, shares["second"].Length));
        var many = Divide([.. Enumerable.Range(0, 6).Select(run => Run($"r{run}", since: run))]);
        Assert.Equal([1, 1, 1, 1, 0, 0], Enumerable.Range(0, 6).Select(run => many[$"r{run}"].Length));
    }

    [Fact]
    public void A_higher_priority_has_all_that_it_can_use_and_leaves_the_rest()
    {
        var shares = Divide(Run("low", since: 1), Run("high", priority: 1, since: 2));
        Assert.Equal((0, 4), (shares["low"].Length, shares["high"].Length));
        var other = Divide(Run("low", since: 1), Run("high", priority: 1, since: 2, deviceClass: "torch"));
        Assert.Equal((2, 2), (other["low"].Length, other["high"].Length));
    }

    [Fact]
    public void A_run_keeps_the_slots_that_it_has_when_another_one_comes()
    {
        var before = Divide(Run("m"));
        var after = SlotQueue.Divide(Silos, [Run("m"), Run("n", since: 9)], before);
        Assert.All(after["m"], slot => Assert.Contains(slot, before["m"]));
        Assert.Empty(after["m"].Intersect(after["n"]));
    }

    private static ImmutableDictionary<string, ImmutableArray<Slot>> Divide(params SlotRequest[] runs) =>
        SlotQueue.Divide(Silos, runs, ImmutableDictionary<string, ImmutableArray<Slot>>.Empty);

    private static SlotRequest Run(string name, int priority = 0, long since = 0, string deviceClass = "avx2") => new(name, priority, since, deviceClass);
}
