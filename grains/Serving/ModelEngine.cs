using FlowGrain.Cluster;
using FlowGrain.Flows.Engines;

namespace FlowGrain.Serving;

/// <summary>A model's weights ready to compute on every device slot of this silo.</summary>
internal sealed class ModelEngine(StoredModel model, DeviceSlots slots)
{
    private readonly IFlowEngine?[] _engines = new IFlowEngine?[slots.Count];
    private int _next;

    /// <summary>The model.</summary>
    internal StoredModel Model => model;

    /// <summary>Columns of a row: the modelled ones, then the context.</summary>
    internal int Width => model.Flow.Columns.Length + model.Flow.Context.Length;

    /// <summary>Device slots that can compute at once.</summary>
    internal int Parallelism => slots.Count;

    /// <summary>Computes on the next slot in turn.</summary>
    internal Task<T> Run<T>(Func<IFlowEngine, T> job)
    {
        var index = (int)((uint)Interlocked.Increment(ref _next) % (uint)slots.Count);
        return slots[index].Run(() => job(_engines[index] ??= Create()));
    }

    private IFlowEngine Create()
    {
        var engine = FlowEngines.Create(model.Flow);
        model.Weights.CopyTo(engine.Parameters);
        return engine;
    }
}
