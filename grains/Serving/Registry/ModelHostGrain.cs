using System.Collections.Immutable;
using FlowGrain.Cluster;
using Orleans.Concurrency;

namespace FlowGrain.Serving;

/// <inheritdoc cref="IModelHostGrain" />
[OnNamedSilo, Reentrant]
internal sealed class ModelHostGrain(ModelEngines engines, KnownModels models, ModelStore store, ModelStatistics statistics) : Grain, IModelHostGrain
{
    public async Task Prepare(string model, int version)
    {
        var engine = await engines.Known(model, version);
        await engine.Warm();
    }

    public Task Look(string model)
    {
        models.Look(model);
        return Task.Run(() => engines.Keep(model, Answering(model)));
    }

    public Task<ImmutableArray<ModelLoad>> Loads() => Task.FromResult(statistics.Loads);

    /// <summary>The versions that may be asked for: all that are there, none while the model is unloaded.</summary>
    private ImmutableArray<int> Answering(string model) => store.Versions(model) is { IsEmpty: false } versions && !models.Get(model).Registration.IsUnloaded ? versions : [];
}
