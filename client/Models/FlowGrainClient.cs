namespace FlowGrain.Client;

/// <inheritdoc cref="IFlowGrainClient" />
internal sealed class FlowGrainClient(IModelCalls calls, FlowGrainClientOptions options, TimeProvider clock) : IFlowGrainClient
{
    public IFlowGrainModel Model(string name) => new ServedModel(ModelReference.Parse(name), calls, options, clock);
}
