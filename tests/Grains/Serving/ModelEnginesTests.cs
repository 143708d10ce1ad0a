using FlowGrain.Cluster;
using FlowGrain.Flows.Engines;
using FlowGrain.Serving;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FlowGrain.Tests.Grains.Serving;

public sealed class ModelEnginesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly DeviceSlots _slots = new(Options.Create(new DevicesOptions { Cpu = 2 }));
    private readonly ModelStore _store;
    private readonly ModelEngines _engines;

    public ModelEnginesTests()
    {
        _store = StoredModels.In(_folder.Path);
        _engines = new ModelEngines(_store, _slots, Options.Create(new ServingOptions()), new ModelStatistics(), TimeProvider.System, NullLogger<ModelEngines>.Instance);
        for (var i = 0; i < 9; i++) _store.Publish(StoredModels.Some($"m{i}"), []);
    }

    public void Dispose()
    {
        _engines.Dispose();
        _slots.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_model_that_was_not_asked_for_longest_leaves_the_memory()
    {
        var models = new List<ModelEngine>();
        for (var i = 0; i < 8; i++) models.Add(await Used($"m{i}"));
        await Used("m0");
        await Used("m8");
        await SlotsAreIdle();
        Assert.Equal([true, false, true, true, true, true, true, true], models.Select(model => model.Built > 0));
        Assert.Same(models[0], await _engines.Get("m0", 1));
        Assert.NotSame(models[1], await _engines.Get("m1", 1));
    }

    [Fact]
    public async Task A_version_that_an_alias_names_leaves_the_memory_after_those_that_none_does()
    {
        var models = new List<ModelEngine>();
        for (var i = 0; i < 8; i++) models.Add(await Used($"m{i}"));
        _engines.Pin("m0", [1]);
        await Used("m8");
        Assert.Same(models[0], await _engines.Get("m0", 1));
        Assert.False(_engines.IsReady("m1", 1));
    }

    [Fact]
    public async Task Who_holds_a_model_that_left_still_gets_the_same_answers_and_nothing_stays_in_memory()
    {
        var held = await Used("m0");
        var before = await held.Run(Score);
        _engines.Keep("m0", []);
        Assert.Equal(before, await held.Run(Score));
        await SlotsAreIdle();
        Assert.Equal(0, held.Built);
    }

    [Fact]
    public async Task Forgetting_waits_for_the_job_that_computes()
    {
        var held = await Used("m0");
        using var inside = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        var scoring = held.Run(flow =>
        {
            inside.Release();
            go.Wait();
            return Score(flow);
        });
        await inside.WaitAsync(TestContext.Current.CancellationToken);
        _engines.Keep("m0", []); // would free the flow under the job
        go.Release();
        Assert.True(float.IsFinite(await scoring));
    }

    [Fact]
    public async Task A_model_that_could_not_be_loaded_is_tried_again()
    {
        var weights = Path.Combine(_store.PathOf("m0", 1), "model.safetensors");
        var bytes = await File.ReadAllBytesAsync(weights, TestContext.Current.CancellationToken);
        File.Delete(weights);
        await Assert.ThrowsAnyAsync<BadInputException>(() => _engines.Get("m0", 1));
        await File.WriteAllBytesAsync(weights, bytes, TestContext.Current.CancellationToken);
        await Used("m0");
    }

    private static float Score(IFlowEngine flow)
    {
        var scores = new float[1];
        flow.LogDensity([-5, 5], scores, []);
        return scores[0];
    }

    private async Task<ModelEngine> Used(string name)
    {
        var engine = await _engines.Get(name, null);
        for (var slot = 0; slot < _slots.Count; slot++) await engine.Run(Score);
        return engine;
    }

    private async Task SlotsAreIdle()
    {
        for (var slot = 0; slot < _slots.Count; slot++) await _slots[slot].Run(() => true);
    }
}
