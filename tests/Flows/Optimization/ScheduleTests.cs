using FlowGrain.Flows.Optimization;

namespace FlowGrain.Tests.Flows.Optimization;

public sealed class ScheduleTests
{
    private static readonly Schedule Schedule = new(Peak: 0.4, WarmupSteps: 10, Steps: 110);

    [Theory, InlineData(1, 0.04), InlineData(5, 0.2), InlineData(10, 0.4)]
    public void It_warms_up_in_a_straight_line(long step, double rate) => Assert.Equal(rate, Schedule.At(step), 1e-12);

    [Theory, InlineData(35, 0.25), InlineData(60, 0.5), InlineData(85, 0.75)]
    public void Then_it_falls_along_half_a_cosine(long step, double progress) =>
        Assert.Equal(0.2 * (1 + Math.Cos(Math.PI * progress)), Schedule.At(step), 1e-12);

    [Fact]
    public void It_ends_at_zero_and_stays_there()
    {
        Assert.Equal(0, Schedule.At(110), 1e-12);
        Assert.Equal(0, Schedule.At(5000), 1e-12);
        Assert.True(Schedule.At(109) > 0);
    }

    [Fact]
    public void After_the_warm_up_it_never_rises()
    {
        for (var step = 10; step < 110; step++) Assert.True(Schedule.At(step + 1) < Schedule.At(step));
    }

    [Fact]
    public void A_run_of_one_step_has_a_rate() => Assert.Equal(0.4, new Schedule(0.4, 1, 1).At(1));

    [Fact]
    public void While_the_number_of_steps_is_not_known_the_rate_stays_at_the_peak() =>
        Assert.Equal(0.4, new Schedule(0.4, 10, long.MaxValue).At(20), 1e-12);

    [Theory, InlineData(0, 0.1), InlineData(10, 11.0 / 20), InlineData(100_000, 0.999)]
    public void The_average_forgets_its_first_steps_quickly(long step, double decay) =>
        Assert.Equal(decay, WeightAverage.DecayAt(step, 0.999), 1e-12);
}
