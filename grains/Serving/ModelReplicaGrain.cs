using System.Collections.Immutable;
using System.Globalization;
using Orleans.Concurrency;

namespace FlowGrain.Serving;

/// <inheritdoc cref="IModelReplicaGrain" />
[StatelessWorker, Reentrant]
internal sealed class ModelReplicaGrain(ModelEngines engines, KnownModels known) : Grain, IModelReplicaGrain
{
    public async Task<Densities> LogDensity(Block<double> rows, bool latent, CancellationToken cancellation = default)
    {
        var engine = await Engine().WaitAsync(cancellation);
        return await engine.Batches.LogDensity(rows, latent, patience: null, cancellation);
    }

    public async Task<Block<double>> Sample(SampleRequest request, CancellationToken cancellation = default)
    {
        var engine = await Engine().WaitAsync(cancellation);
        return await engine.Sample(request, patience: null, cancellation);
    }

    public async Task<ImmutableArray<PushedLayer>> Layers(SampleRequest request, int x, int y, CancellationToken cancellation = default)
    {
        var engine = await Engine();
        return await engine.Layers(request, x, y, cancellation);
    }

    private Task<ModelEngine> Engine()
    {
        var (name, version) = ModelKey.Parse(this.GetPrimaryKeyString());
        known.Get(name).RequireLoaded();
        return engines.ToAnswer(name, known.Resolve(name, version.ToString(CultureInfo.InvariantCulture)));
    }
}
