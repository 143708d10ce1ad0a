using FlowGrain.Cluster;
using FlowGrain.Serving;
using FlowGrain.Silo.Inference;
using FlowGrain.Tests.Flows;
using FlowGrain.Tests.Grains.Serving;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Silo.Inference;

/// <summary>Which version answers while others load or fail, on one slot that the test can hold busy: a self-test then does not end.</summary>
public sealed class ServedModelsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly DeviceSlots _slots = new(Options.Create(new DevicesOptions { Cpu = 1 }));
    private readonly ManualResetEventSlim _free = new();
    private readonly ModelStatistics _statistics = new();
    private readonly ModelStore _store;
    private readonly ModelEngines _engines;
    private readonly KnownModels _known;
    private readonly ServedModels _models;

    public ServedModelsTests()
    {
        _store = StoredModels.In(_folder.Path);
        _engines = new ModelEngines(_store, _slots, Options.Create(new ServingOptions()), _statistics, _clock, NullLogger<ModelEngines>.Instance);
        _known = new KnownModels(_store, _clock, NullLogger<KnownModels>.Instance);
        _models = new ServedModels(_engines, _known);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _free.Set();
        _engines.Dispose();
        _slots.Dispose();
        _free.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task While_a_new_version_is_loaded_and_tested_the_one_before_answers()
    {
        Publish(1);
        Assert.Equal(1, await Answering());
        var busy = Busy();
        Publish(2);
        for (var i = 0; i < 3; i++) Assert.Equal(1, await Answering());
        _free.Set();
        await busy;
        await _engines.Known("m", 2);
        Assert.Equal(2, await Answering());
    }

    [Fact]
    public async Task An_older_version_that_was_asked_for_by_its_number_stands_in_for_no_newer_one()
    {
        for (var version = 1; version <= 2; version++) Publish(version);
        await _models.Function("m", "1");
        Assert.Equal(2, await Answering());
    }

    [Fact]
    public async Task A_version_that_has_answered_does_so_again_after_it_left_the_memory()
    {
        Publish(1);
        Publish(2);
        Assert.Equal(2, await Answering());
        await _engines.Known("m", 1);
        for (var other = 0; other < new ServingOptions().Models - 1; other++)
        {
            _store.Publish(StoredModels.Some($"other{other}"), []);
            await _engines.Known($"other{other}", 1);
        }

        Assert.Equal((true, false), (_engines.IsReady("m", 1), _engines.IsReady("m", 2)));
        Assert.Equal(2, await Answering());
    }

    [Fact]
    public async Task A_picture_of_a_model_takes_no_others_place_in_memory()
    {
        Publish(1);
        Assert.Equal(1, await Answering());
        for (var other = 0; other < new ServingOptions().Models; other++)
        {
            _store.Publish(StoredModels.Some($"other{other}"), []);
            var engine = await _models.LookAt($"other{other}", 1);
            Assert.Equal(1, (await engine.Batches.LogDensity(new Block<double>(new double[engine.Width]), latent: false, patience: null, Cancellation)).LogDensity.Length);
        }

        Assert.Equal((true, false), (_engines.IsReady("m", 1), _engines.IsReady($"other{new ServingOptions().Models - 1}", 1)));
    }

    [Fact]
    public async Task A_broken_version_answers_nobody_and_is_not_read_again_before_it_has_rested()
    {
        Publish(1);
        Publish(2, isWrong: true);
        Assert.Equal(1, await Answering());
        Mend(2);
        Assert.Equal(1, await Answering());
        await Assert.ThrowsAsync<UnavailableException>(() => _models.Function("m", "2"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _engines.ToAnswer("m", 2);
        Assert.Equal(2, await Answering());
    }

    [Fact]
    public async Task Where_a_challenger_has_a_part_and_there_is_no_champion_a_broken_newest_version_takes_no_answer_away()
    {
        for (var version = 1; version <= 2; version++) Publish(version);
        Publish(3, isWrong: true);
        await Change(RegistryChangeKind.Pointed, "challenger", 1);
        await Change(RegistryChangeKind.Split, "challenger", perMille: 500);
        var versions = new List<int>();
        for (var i = 0; i < 20; i++) versions.Add(await Answering($"id-{i}"));
        Assert.Equal([1, 2], versions.Distinct().Order());
    }

    [Fact]
    public async Task A_request_that_finds_its_version_gone_is_answered_by_the_one_that_the_alias_names_since()
    {
        Publish(1, isWrong: true);
        Publish(2);
        await Change(RegistryChangeKind.Pointed, "champion", 1);
        var busy = Busy();
        var answering = Answering();
        await Change(RegistryChangeKind.Pointed, "champion", 2);
        _free.Set();
        await busy;
        Assert.Equal(2, await answering);
    }

    [Fact]
    public async Task A_request_waits_no_longer_for_a_model_to_load_than_it_allows()
    {
        Publish(1);
        var busy = Busy();
        var answering = Infer(Cancellation);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("waited 1000.0 ms where 1000.0 ms were left of what it allowed", (await Assert.ThrowsAsync<ExpiredException>(() => answering.WaitAsync(Patience, Cancellation))).Message, StringComparison.Ordinal);
        _free.Set();
        await busy;
    }

    [Fact]
    public async Task A_client_that_leaves_waits_for_no_model_to_load()
    {
        Publish(1);
        var busy = Busy();
        using var left = new CancellationTokenSource();
        var answering = Infer(left.Token);
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answering.WaitAsync(Patience, Cancellation));
        _free.Set();
        await busy;
    }

    [Fact]
    public async Task A_look_at_a_model_takes_no_other_out_of_memory()
    {
        for (var model = 0; model < 9; model++) _store.Publish(StoredModels.Some($"m{model}"), []);
        for (var model = 0; model < 9; model++) Assert.Equal(2, (await _models.Described($"m{model}", version: null)).Outputs.Length);
        Assert.Equal([true, true, true, true, true, true, true, true, false], Enumerable.Range(0, 9).Select(model => _engines.IsReady($"m{model}", 1)));
    }

    private Task Infer(CancellationToken cancellation) => new Answering(_models, _statistics, shadowing: null!, _clock).Answer( // which no request of these gets to
        "m", version: null, new InferenceRequest { Timeout = TimeSpan.FromSeconds(1) }, _clock.GetTimestamp(), (_, _) => Task.CompletedTask, cancellation);

    private async Task<int> Answering(string? id = null) => (await _models.Function("m", version: null, id).WaitAsync(Patience, Cancellation)).Engine.Model.Version;

    private Task Busy() => _slots[0].Run(() =>
    {
        _free.Wait(Cancellation);
        return true;
    });

    private void Publish(int version, bool isWrong = false)
    {
        var model = StoredModels.With("m", version, TestFlows.Weights(TestFlows.Spec("nsf", 2), seed: version));
        _store.Publish(isWrong ? model with { Golden = model.Golden! with { LogDensity = [.. model.Golden.LogDensity.Select(score => score + 1)] } } : model, []);
    }

    /// <summary>As somebody does who tells nobody of it.</summary>
    private void Mend(int version)
    {
        Directory.Delete(_store.PathOf("m", version), recursive: true);
        StoredModels.In(_folder.Path).Publish(StoredModels.With("m", version, TestFlows.Weights(TestFlows.Spec("nsf", 2), seed: version)), []);
    }

    private Task Change(RegistryChangeKind kind, string alias, int? version = null, int? perMille = null) =>
        _store.Change("m", (_, _) => _store.Happened(kind) with { Alias = alias, Version = version, PerMille = perMille }, Cancellation);
}
