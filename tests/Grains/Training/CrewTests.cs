using FlowGrain.Cluster;
using FlowGrain.Training;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>Who works for a run, on a clock that the test holds and silos that answer nothing.</summary>
public sealed class CrewTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new();
    private EmbeddedFixture _embedded = null!;
    private Crew _crew = null!;

    public async ValueTask InitializeAsync()
    {
        _embedded = await EmbeddedFixture.Start();
        _crew = new Crew(_embedded.Cluster.Grains, "m", _clock, NullLogger.Instance);
        _crew.Use([new Slot("one", 0), new Slot("one", 1), new Slot("two", 0)]);
        _crew.Assign(new WorkerAssignment("m", new Epoch(1, Guid.NewGuid()), new Block<byte>(default), new TrainingRows("", 0, 0, 0), 4, [], null, null, ""));
    }

    public ValueTask DisposeAsync() => _embedded.DisposeAsync();

    [Fact]
    public void Who_is_silent_for_three_seconds_is_lost_and_comes_back_when_it_is_heard()
    {
        Assert.Equal((3, 2), (_crew.Count, _crew.Silos));
        for (var second = 0; second < 4; second++)
        {
            Assert.Empty(_crew.TakeSilent());
            _clock.Advance(TimeSpan.FromSeconds(0.9));
            _crew.Heard("m/one/0");
            _crew.Heard("m/one/1");
        }

        Assert.Equal(["m/two/0"], _crew.TakeSilent());
        Assert.Equal((2, 1), (_crew.Count, _crew.Silos));
        Assert.True(_crew.Heard("m/two/0"));
        Assert.Equal(3, _crew.Count);
    }

    [Fact]
    public void When_this_process_itself_slept_nobody_is_lost()
    {
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty(_crew.TakeSilent());
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(_crew.TakeSilent());
        _clock.Advance(TimeSpan.FromSeconds(1.5));
        Assert.Equal(3, _crew.TakeSilent().Length);
    }

    [Fact]
    public void A_worker_that_is_set_aside_is_not_heard_any_more_and_strangers_never()
    {
        Assert.True(_crew.SetAside("m/one/1", "No such device."));
        Assert.False(_crew.SetAside("m/one/1", "Again."));
        Assert.Equal("works without one: No such device.", _crew.Without);
        Assert.False(_crew.Heard("m/one/1"));
        Assert.False(_crew.Heard("m/three/0"));
        Assert.Equal(2, _crew.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task Who_does_not_answer_when_the_run_ends_is_waited_for_five_seconds_and_no_longer()
    {
        var end = _crew.End();
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(end.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        await end.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Slots_that_are_taken_away_work_no_more_and_new_ones_begin()
    {
        _crew.Use([new Slot("two", 0), new Slot("three", 0)]);
        Assert.Equal((2, 2), (_crew.Count, _crew.Silos));
        Assert.False(_crew.Heard("m/one/0"));
        Assert.True(_crew.Heard("m/three/0"));
    }
}
