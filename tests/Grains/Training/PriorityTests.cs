using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>Runs that want the same slots.</summary>
public sealed class PriorityTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_run_of_lower_priority_waits_says_so_and_can_be_stopped_or_goes_on_when_the_slot_is_free()
    {
        await using var embedded = await EmbeddedFixture.Start(slots: 1);
        var (high, low) = (embedded.Run("high"), embedded.Run("low"));
        await high.Start(embedded.Plan(steps: 1_000_000) with { Priority = 1 }, TestContext.Current.CancellationToken);
        await EmbeddedFixture.Until(high, progress => progress.Step > 0);

        await low.Start(embedded.Plan(), TestContext.Current.CancellationToken);
        Assert.Equal("waits for a slot: other runs have them all", (await EmbeddedFixture.Until(low, progress => progress.Waiting is not null)).Waiting);
        Assert.Equal((RunPhase.Stopped, 0), ((await low.Stop()) is var stopped ? stopped.Phase : default, stopped.Step));

        await low.Resume(acceptClass: false, TestContext.Current.CancellationToken);
        await EmbeddedFixture.Until(low, progress => progress.Waiting is not null);
        await high.Stop();
        await EmbeddedFixture.Until(low, progress => progress.Phase == RunPhase.Finished);
    }

    [Fact]
    public async Task The_priority_decides_no_bit_and_makes_no_other_version()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var first = await embedded.Train("m", embedded.Plan());
        var again = await embedded.Train("m", embedded.Plan() with { Priority = 7 });
        Assert.Equal((first.Version, first.WeightsSha256), (again.Version, again.WeightsSha256));
    }
}
