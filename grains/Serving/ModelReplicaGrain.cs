using FlowGrain.Flows.Numerics;
using Orleans.Concurrency;

namespace FlowGrain.Serving;

/// <inheritdoc cref="IModelReplicaGrain" />
[StatelessWorker]
internal sealed class ModelReplicaGrain(ModelEngines engines) : Grain, IModelReplicaGrain
{
    private const int MostRows = 65_536;

    public async Task<Densities> LogDensity(Block<double> rows, bool latent, CancellationToken cancellation = default)
    {
        var engine = await Engine();
        return await engine.LogDensity(rows, latent, cancellation);
    }

    public async Task<Block<double>> Sample(SampleRequest request, CancellationToken cancellation = default)
    {
        var engine = await Engine();
        var flow = engine.Model.Flow;
        if (request.Rows is < 0 or > MostRows) throw new BadInputException($"{request.Rows} rows were asked for; a call draws 0 to {MostRows}.");
        if (request.Context.Length != flow.Context.Length)
            throw new BadInputException($"Model '{engine.Model.Name}' needs {flow.Context.Length} context values ({string.Join(", ", flow.Context)}); {request.Context.Length} came.");
        cancellation.ThrowIfCancellationRequested();
        return await engine.Run(compute => Sampling.Draw(compute, new CounterRandom(request.Seed, "sample"), request.First, request.Rows, request.Context.Span));
    }

    private Task<ModelEngine> Engine()
    {
        var (name, version) = ModelKey.Parse(this.GetPrimaryKeyString());
        return engines.Get(name, version);
    }
}
