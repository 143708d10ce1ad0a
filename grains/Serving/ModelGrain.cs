using System.Collections.Immutable;
using FlowGrain.Training;

namespace FlowGrain.Serving;

/// <inheritdoc cref="IModelGrain" />
/// <remarks>Files are read on the thread pool: a slow disk holds no turn.</remarks>
internal sealed class ModelGrain(ModelStore store, ModelEngines engines) : Grain, IModelGrain
{
    public Task<ModelDescription> Describe(int? version)
    {
        var name = this.GetPrimaryKeyString();
        return Task.Run(() => ModelDescriptions.Of(store, name, store.Resolve(name, version)));
    }

    public Task<ImmutableArray<LossPoint>> Losses(int? version)
    {
        var name = this.GetPrimaryKeyString();
        return Task.Run(() => store.Describe(name, store.Resolve(name, version)).Record.LossesBySteps);
    }

    public async Task Delete(int? version)
    {
        var name = this.GetPrimaryKeyString();
        await Task.Run(() =>
        {
            store.Resolve(name, version);
            store.Delete(name, version);
        });
        engines.Forget(name);
    }
}
