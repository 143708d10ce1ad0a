using System.Collections.Immutable;
using FlowGrain.Training;

namespace FlowGrain.Serving;

/// <inheritdoc cref="IModelGrain" />
internal sealed class ModelGrain(ModelStore store, ModelEngines engines) : Grain, IModelGrain
{
    public Task<ModelDescription> Describe(int? version)
    {
        var name = this.GetPrimaryKeyString();
        return Task.FromResult(ModelDescriptions.Of(store, name, store.Resolve(name, version)));
    }

    public Task<ImmutableArray<LossPoint>> Losses(int? version)
    {
        var name = this.GetPrimaryKeyString();
        return Task.FromResult(store.Describe(name, store.Resolve(name, version)).Record.Losses);
    }

    public Task Delete(int? version)
    {
        var name = this.GetPrimaryKeyString();
        store.Resolve(name, version);
        store.Delete(name, version);
        engines.Forget(name);
        return Task.CompletedTask;
    }
}
