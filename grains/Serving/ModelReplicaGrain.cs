using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Tables;
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
        var context = engine.Encoder.Table.Context;
        if (request.Rows is < 0 or > MostRows) throw new BadInputException($"{request.Rows} rows were asked for; a call draws 0 to {MostRows}.");
        if (request.Context.Length != context.Length)
            throw new BadInputException($"Model '{engine.Model.Name}' needs {context.Length} context values ({string.Join(", ", context.Select(column => column.Name))}); {request.Context.Length} came.");
        RequireLevels(engine, request.Context.Span);
        cancellation.ThrowIfCancellationRequested();
        return await engine.Run(compute => new Sampling(engine, compute).Draw(new CounterRandom(request.Seed, "sample"), request.First, request.Rows, request.Context.Span));
    }

    private Task<ModelEngine> Engine()
    {
        var (name, version) = ModelKey.Parse(this.GetPrimaryKeyString());
        return engines.Get(name, version);
    }

    private static void RequireLevels(ModelEngine engine, ReadOnlySpan<double> context)
    {
        foreach (var (column, index) in engine.Encoder.Table.Context.Select((column, index) => (column, index)))
        {
            if (column is CategoryColumn { Levels: var levels } && !(context[index] >= 0 && context[index] < levels.Length && context[index] == Math.Floor(context[index])))
                throw new BadInputException($"'{column.Name}' is a category of {levels.Length} levels, and {context[index]} is the index of none; give 0 to {levels.Length - 1}.");
        }
    }
}
