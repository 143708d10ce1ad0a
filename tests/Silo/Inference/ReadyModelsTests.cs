using FlowGrain.Cluster;
using FlowGrain.Serving;
using FlowGrain.Silo.Inference;
using FlowGrain.Tests.Grains.Serving;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Silo.Inference;

public sealed class ReadyModelsTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly TempFolder _folder = new();
    private readonly DeviceSlots _slots = new(Options.Create(new DevicesOptions { Cpu = 1 }));
    private readonly ModelStore _store;
    private readonly ModelEngines _engines;

    public ReadyModelsTests()
    {
        _store = StoredModels.In(_folder.Path);
        _engines = new ModelEngines(_store, _slots, Options.Create(new ServingOptions()), new ModelStatistics(), _clock, NullLogger<ModelEngines>.Instance);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ReadyModels Models => new(_store, _engines, _clock, NullLogger<ReadyModels>.Instance);

    public void Dispose()
    {
        _engines.Dispose();
        _slots.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_look_at_the_registry_serves_everybody_for_a_second()
    {
        _store.Publish(StoredModels.Gaussian("m"), []);
        var models = Models;
        Assert.True(await models.AreReady(Cancellation));
        File.WriteAllText(Path.Combine(_store.PathOf("m", 1), "run.json"), "{");
        _clock.Advance(TimeSpan.FromSeconds(0.9));
        Assert.True(await models.AreReady(Cancellation));
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(await models.AreReady(Cancellation));
    }

    [Fact]
    public async Task Without_models_nobody_can_be_asked() => Assert.False(await Models.AreReady(Cancellation));

    [Fact]
    public async Task A_silo_whose_model_failed_its_self_test_is_not_ready_until_it_has_passed_it()
    {
        var (sound, models) = (StoredModels.Gaussian("m"), Models);
        _store.Publish(sound with { Golden = sound.Golden! with { LogDensity = [.. sound.Golden.LogDensity.Select(score => score + 1)] } }, []);
        Assert.False(await models.AreReady(Cancellation)); // nobody else has tried it yet
        Directory.Delete(_store.PathOf("m", 1), recursive: true);
        _store.Publish(sound, []);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await models.AreReady(Cancellation));
    }

    [Fact]
    public async Task A_model_that_was_unloaded_is_not_looked_at()
    {
        var (sound, wrong) = (StoredModels.Gaussian("m"), StoredModels.Gaussian("n"));
        _store.Publish(sound, []);
        _store.Publish(wrong with { Golden = wrong.Golden! with { LogDensity = [.. wrong.Golden.LogDensity.Select(score => score + 1)] } }, []);
        await _store.Change("n", (_, _) => _store.Happened(RegistryChangeKind.Unloaded), Cancellation);
        Assert.True(await Models.AreReady(Cancellation));
        Assert.False(_engines.Trials.IsKnown("n", 1));
    }

    [Fact]
    public async Task A_disk_that_fails_is_no_fault_of_who_asks_and_is_asked_again()
    {
        var fails = true;
        var models = new ReadyModels(() => fails ? throw new IOException("Input/output error") : Task.FromResult(true), _clock, NullLogger<ReadyModels>.Instance);
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
        var models = new ReadyModels(() => { Interlocked.Increment(ref looks); answers.Wait(Cancellation); return Task.FromResult(true); }, _clock, NullLogger<ReadyModels>.Instance);
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
