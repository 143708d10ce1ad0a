using FlowGrain.Serving;

namespace FlowGrain.Client;

/// <summary>Calls to the grains of models.</summary>
internal sealed class GrainModelCalls(IGrainFactory grains, TimeProvider clock, RepeatRule rule) : IModelCalls
{
    public Task<ModelDescription> Describe(ModelReference model, CancellationToken cancellation) =>
        Ask(() => grains.GetGrain<IModelGrain>(model.Name).Describe(model.Which), cancellation);

    public async Task<Scores> Score(ModelReference model, ModelDescription known, ReadOnlyMemory<double> rows, bool latent, CancellationToken cancellation)
    {
        var version = model.Version ?? (await Describe(model, cancellation)).Version;
        var densities = await Ask(() => Replica(model.Name, version).LogDensity(new Block<double>(rows), latent, cancellation), cancellation);
        return new(version, densities.LogDensity.Span.ToArray(), densities.Latent?.Span.ToArray());
    }

    public async Task<double[]> Draw(ModelDescription model, SampleRequest request, CancellationToken cancellation) =>
        (await Ask(() => Replica(model.Name, model.Version).Sample(request, cancellation), cancellation)).Span.ToArray();

    private IModelReplicaGrain Replica(string model, int version) => grains.GetGrain<IModelReplicaGrain>($"{model}@{version}");

    private async Task<T> Ask<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await Repeated.Call(() => call().WaitAsync(cancellation), clock, rule, cancellation);
        }
        catch (ClusterUnreachableException gone)
        {
            throw Persistence.Verdict(gone, "The cluster", rule);
        }
    }
}
