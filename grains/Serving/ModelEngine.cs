using FlowGrain.Cluster;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Tables;

namespace FlowGrain.Serving;

/// <summary>A model's weights ready to compute on every device slot of this silo.</summary>
/// <remarks>A retired one still answers those who hold it: it then builds the flow for each job and keeps nothing.</remarks>
internal sealed class ModelEngine(StoredModel model, DeviceSlots slots)
{
    private readonly IFlowEngine?[] _engines = new IFlowEngine?[slots.Count];
    private volatile bool _retired;
    private int _next;

    /// <summary>The model.</summary>
    internal StoredModel Model => model;

    /// <summary>Turns rows of the model's table into rows of its flow; safe for many threads.</summary>
    internal RowEncoder Encoder { get; } = new(model.Flow.TableOrNumbers());

    /// <summary>Columns of a row of the table: the modelled ones, then the context.</summary>
    internal int Width => Encoder.Width;

    /// <summary>The density of the modelled categories; null without.</summary>
    internal Categorical? Categories { get; } = model.Flow.Categories is { } categories ? new Categorical(categories, model.Flow.Table!) : null;

    /// <summary>Device slots that can compute at once.</summary>
    internal int Parallelism => slots.Count;

    /// <summary>Flows in memory now.</summary>
    internal int Built => _engines.Count(engine => engine is not null);

    /// <summary>Computes on the next slot in turn.</summary>
    internal Task<T> Run<T>(Func<IFlowEngine, T> job)
    {
        var index = (int)((uint)Interlocked.Increment(ref _next) % (uint)slots.Count);
        return slots[index].Run(() => Compute(index, job));
    }

    /// <summary>Frees the flows, each on its slot's own thread, where nothing computes meanwhile. Repeating it does nothing.</summary>
    internal Task Retire()
    {
        _retired = true; // before the jobs below: whatever a slot runs after its own finds this set
        return Task.WhenAll(Enumerable.Range(0, slots.Count).Select(index => slots[index].Run(() => Free(index))));
    }

    private T Compute<T>(int index, Func<IFlowEngine, T> job)
    {
        if (!_retired) return job(_engines[index] ??= Create());
        using var once = Create();
        return job(once);
    }

    private bool Free(int index)
    {
        _engines[index]?.Dispose();
        _engines[index] = null;
        return true;
    }

    private IFlowEngine Create()
    {
        var engine = FlowEngines.Create(model.Flow);
        model.Weights.CopyTo(engine.Parameters);
        return engine;
    }
}
