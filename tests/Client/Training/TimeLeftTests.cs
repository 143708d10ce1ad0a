using FlowGrain.Cli.Training;
using FlowGrain.Training;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Client.Training;

public sealed class TimeLeftTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly TimeLeft _left;

    public TimeLeftTests() => _left = new(_clock);

    [Fact]
    public void A_slow_first_step_says_nothing_about_the_others()
    {
        Assert.Null(After(seconds: 0, step: 0));
        Assert.Null(After(seconds: 2, step: 1)); // 2 s a step would be half an hour
        Assert.Null(After(seconds: 0.1, step: 11));
        Assert.Equal(6.46, After(seconds: 0.1, step: 31)!.Value, 2);
    }

    [Fact]
    public void A_run_of_slow_steps_is_known_after_a_second_of_them()
    {
        Assert.Null(After(seconds: 5, step: 1));
        Assert.Equal(996, After(seconds: 3, step: 4)!.Value, 2);
    }

    [Fact]
    public void A_resumed_run_is_judged_by_its_steps_here()
    {
        Assert.Null(After(seconds: 0, step: 500, resumed: 500));
        Assert.Null(After(seconds: 1, step: 501, resumed: 500));
        Assert.Equal(39.9, After(seconds: 10, step: 601, resumed: 500)!.Value, 2);
    }

    [Fact]
    public void Rounds_that_were_only_timed_are_forgotten()
    {
        After(seconds: 1, step: 1);
        Assert.NotNull(After(seconds: 9, step: 20));
        Assert.Null(After(seconds: 1, step: 0));
        Assert.Null(After(seconds: 1, step: 1));
        Assert.Equal(48.95, After(seconds: 1, step: 21)!.Value, 2);
    }

    private double? After(double seconds, long step, long resumed = 0)
    {
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        return _left.After(Examples.Training with { Phase = RunPhase.Training, Step = step, Steps = 1000, ResumedAtStep = resumed });
    }
}
