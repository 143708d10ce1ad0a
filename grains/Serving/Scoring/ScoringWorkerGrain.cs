using FlowGrain.Cluster;

namespace FlowGrain.Serving;

/// <inheritdoc cref="IScoringWorkerGrain" />
[OnNamedSilo]
internal sealed class ScoringWorkerGrain(ModelEngines engines) : Grain, IScoringWorkerGrain
{
    public async Task<Densities> LogDensity(Block<double> rows, bool latent, CancellationToken cancellation = default)
    {
        var (name, version) = ModelKey.Parse(this.GetPrimaryKeyString().Split('/')[0]);
        var engine = await engines.Known(name, version); // unloaded or not: a job ends as it began
        return await engine.LogDensity(rows, latent, cancellation);
    }
}
