using FlowGrain.Serving;
using FlowGrain.Silo.Api.Live;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Silo.Api.Live;

public sealed class ServingLoadTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ServingLoad _load;

    public ServingLoadTests() => _load = new(_clock);

    [Fact]
    public void What_silos_answered_since_the_look_before_is_told_together()
    {
        _load.After(new() { ["a"] = [Answered(1000, 2)], ["b"] = [Answered(500, 2)] });
        _clock.Advance(TimeSpan.FromSeconds(2));
        var model = Assert.Single(_load.After(new() { ["a"] = [Answered(1300, 2)], ["b"] = [Answered(600, 2)] }));
        Assert.Equal(("m", 200, 4, 3), (model.Model, model.RequestsPerSecond, model.BatchRows, model.Queue));
        Assert.InRange(model.P50Milliseconds, 2, 2.2);
        Assert.InRange(model.P99Milliseconds, 2, 2.2);
    }

    [Fact]
    public void A_silo_that_was_not_heard_of_for_a_look_counts_with_what_it_answered_meanwhile_and_one_that_went_with_nothing()
    {
        _load.After(new() { ["a"] = [Answered(1000, 2)] });
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, Assert.Single(_load.After(new() { ["a"] = [Answered(1000, 2)], ["b"] = [Answered(1_000_000, 2)] })).RequestsPerSecond);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, Assert.Single(_load.After(new() { ["a"] = [Answered(1000, 2)] })).RequestsPerSecond);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(25, Assert.Single(_load.After(new() { ["b"] = [Answered(1_000_100, 2)] })).RequestsPerSecond);
    }

    [Fact]
    public void A_model_that_was_loaded_meanwhile_counts_with_all_that_it_answered()
    {
        _load.After(new() { ["a"] = [] });
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(50, Assert.Single(_load.After(new() { ["a"] = [Answered(50, 2)] })).RequestsPerSecond);
    }

    [Fact]
    public void Looks_older_than_ten_seconds_are_forgotten()
    {
        for (var second = 0; second <= 30; second++)
        {
            var now = _load.After(new() { ["a"] = [Answered(second <= 15 ? 100 * second : 1500, 2)] });
            if (second == 30) Assert.Equal(0, Assert.Single(now).RequestsPerSecond);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(0.99, 40)]
    public void Quantiles_are_exact_to_a_twelfth(double share, double milliseconds)
    {
        var counts = new long[LatencySteps.Count];
        for (var i = 0; i < 1000; i++) counts[LatencySteps.Of(TimeSpan.FromMilliseconds(i < 980 ? 1 : 40))]++;
        Assert.InRange(LatencySteps.Milliseconds(counts, share), milliseconds, milliseconds * 1.1);
        Assert.True(double.IsNaN(LatencySteps.Milliseconds(new long[LatencySteps.Count], share)));
    }

    private static ModelLoad Answered(long requests, double milliseconds)
    {
        var counts = new long[LatencySteps.Count];
        counts[LatencySteps.Of(TimeSpan.FromMilliseconds(milliseconds))] = requests;
        return new ModelLoad("m", 1, [.. counts], Failed: 0, Batches: requests / 4, Rows: requests, Waiting: requests > 1000 ? 3 : 0);
    }
}
