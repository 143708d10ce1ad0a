using FlowGrain.Serving;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Grains.Serving;

public sealed class LoadTrialsTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly LoadTrials _trials;

    public LoadTrialsTests() => _trials = new LoadTrials(_clock);

    [Fact]
    public void Each_failure_in_a_row_doubles_the_rest_up_to_half_a_minute()
    {
        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 30, 30 })
        {
            _trials.Failed("m", 1, "broken");
            _clock.Advance(TimeSpan.FromSeconds(seconds - 0.1));
            Assert.True(_trials.Rests("m", 1));
            _clock.Advance(TimeSpan.FromSeconds(0.1));
            Assert.False(_trials.Rests("m", 1));
        }

        _trials.Passed("m", 1);
        _trials.Failed("m", 1, "broken");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_trials.Rests("m", 1));
    }

    [Fact]
    public void A_failure_is_news_once()
    {
        Assert.True(_trials.Failed("m", 1, "broken"));
        Assert.False(_trials.Failed("m", 1, "broken"));
        Assert.True(_trials.Failed("m", 1, "gone"));
    }

    [Fact]
    public void A_change_of_the_model_has_it_tried_again_at_once_and_a_version_that_is_gone_is_forgotten()
    {
        _trials.Failed("m", 1, "broken");
        _trials.Failed("n", 1, "broken");
        _trials.Passed("m", 2);
        _trials.Retry("m");
        Assert.Equal((false, true), (_trials.Rests("m", 1), _trials.Rests("n", 1)));
        Assert.Equal("broken", _trials.Fault("m", 1)); // until it has been
        _trials.Keep("m", [2]);
        Assert.Equal((false, true, true), (_trials.IsKnown("m", 1), _trials.IsSound("m", 2), _trials.IsKnown("n", 1)));
    }
}
