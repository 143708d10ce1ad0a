using FlowGrain.Cluster;
using Orleans.Concurrency;

namespace FlowGrain.Serving;

/// <inheritdoc cref="IModelHostGrain" />
[OnNamedSilo, Reentrant]
internal sealed class ModelHostGrain(ModelEngines engines, KnownModels models) : Grain, IModelHostGrain
{
    public async Task Prepare(string model, int version)
    {
        var engine = await engines.Known(model, version);
        await engine.Warm();
    }

    public Task Look(string model)
    {
        models.Look(model);
        return Task.CompletedTask;
    }
}
