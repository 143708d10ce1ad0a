using FlowGrain.Silo.Inference;
using FlowGrain.Tests.Grains.Serving;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Silo.Inference;

public sealed class ReadyModelsTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_look_at_the_registry_serves_everybody_for_a_second()
    {
        var store = StoredModels.In(_folder.Path);
        store.Publish(StoredModels.Gaussian("m"), []);
        var models = new ReadyModels(store, _clock, NullLogger<ReadyModels>.Instance);
        Assert.True(await models.AreReady(Cancellation));
        File.WriteAllText(Path.Combine(store.PathOf("m", 1), "run.json"), "{");
        _clock.Advance(TimeSpan.FromSeconds(0.9));
        Assert.True(await models.AreReady(Cancellation));
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(await models.AreReady(Cancellation));
    }

    [Fact]
    public async Task Without_models_nobody_can_be_asked() => Assert.False(await new ReadyModels(StoredModels.In(_folder.Path), _clock, NullLogger<ReadyModels>.Instance).AreReady(Cancellation));

    [Fact]
    public async Task A_disk_that_fails_is_no_fault_of_who_asks_and_is_asked_again()
    {
        var fails = true;
        var models = new ReadyModels(() => fails ? throw new IOException("Input/output error") : true, _clock, NullLogger<ReadyModels>.Instance);
        Assert.False(await models.AreReady(Cancellation));
        fails = false;
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await models.AreReady(Cancellation));
    }

    [Fact]
    public async Task A_disk_that_does_not_answer_is_asked_once_and_waited_for_five_seconds()
    {
        using var answers = new ManualResetEventSlim();
        var looks = 0;
        var models = new ReadyModels(() => { Interlocked.Increment(ref looks); answers.Wait(Cancellation); return true; }, _clock, NullLogger<ReadyModels>.Instance);
        var waiting = models.AreReady(Cancellation);
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(waiting.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(await waiting);
        var late = models.AreReady(Cancellation);
        answers.Set();
        Assert.True(await late);
        Assert.Equal(1, looks);
    }
}
