using FlowGrain.Flows.Engines;
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
        if (rows.Length % engine.Width != 0)
            throw new BadInputException($"Model '{engine.Model.Name}' takes rows of {engine.Width} numbers; {rows.Length} came, which is no multiple of it.");
        cancellation.ThrowIfCancellationRequested();
        return await engine.Run(flow => Compute(flow, rows, latent));
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
        var key = this.GetPrimaryKeyString();
        var at = key.LastIndexOf('@');
        return at > 0 && int.TryParse(key.AsSpan(at + 1), out var version)
            ? engines.Get(key[..at], version)
            : throw new BadInputException($"'{key}' names no version of a model; ask for NAME@VERSION.");
    }

    private static Densities Compute(IFlowEngine flow, Block<double> rows, bool latent)
    {
        var (d, c) = (flow.Spec.Columns.Length, flow.Spec.Context.Length);
        var logDensity = new float[rows.Length / (d + c)];
        var z = latent ? new float[logDensity.Length * d] : [];
        flow.LogDensity(rows.Span, logDensity, z);
        return new Densities(new Block<float>(logDensity), latent ? new Block<float>(z) : null);
    }
}
