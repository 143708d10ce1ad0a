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

    /// <summary>Log-densities of rows <c>[B, W]</c> of the table, with their latents where they are asked for, on the next slot in turn.</summary>
    /// <exception cref="BadInputException">The width is wrong.</exception>
    internal Task<Densities> LogDensity(Block<double> rows, bool latent, CancellationToken cancellation)
    {
        if (rows.Length % Width != 0) throw new BadInputException($"Model '{model.Name}' takes rows of {Width} numbers; {rows.Length} came, which is no multiple of it.");
        cancellation.ThrowIfCancellationRequested();
        return Run(flow => LogDensity(flow, rows.Span, latent));
    }

    /// <summary>Frees the flows, each on its slot's own thread, where nothing computes meanwhile. Repeating it does nothing.</summary>
    internal Task Retire()
    {
        _retired = true; // before the jobs below: whatever a slot runs after its own finds this set
        return Task.WhenAll(Enumerable.Range(0, slots.Count).Select(index => slots[index].Run(() => Free(index))));
    }

    private Densities LogDensity(IFlowEngine flow, ReadOnlySpan<double> rows, bool latent)
    {
        var scores = new float[rows.Length / Width];
        var z = latent ? new float[scores.Length * Encoder.FlowDimension] : [];
        flow.LogDensity(Encoded(rows), scores, z);
        for (var row = 0; row < scores.Length; row++)
            scores[row] = Said(scores[row], rows.Slice(row * Width, Width));
        if (latent) Encoder.ClearMissing(rows, z);
        return new Densities(new Block<float>(scores), latent ? new Block<float>(z) : null);
    }

    /// <summary>Rows <c>[B, D + C]</c> of the flow; where a row of the table is one, no copy.</summary>
    internal ReadOnlySpan<double> Encoded(ReadOnlySpan<double> table)
    {
        if (Encoder.Table.IsNumbers) return table;
        var rows = new double[table.Length / Encoder.Width * Encoder.FlowWidth];
        Encoder.Encode(table, rows);
        return rows;
    }

    /// <summary>The score of a row: none where it lacks what it must have, or every learned value; −∞ where it lies so far out that float32 has no word for it.</summary>
    private float Said(float score, ReadOnlySpan<double> row)
    {
        var known = 0;
        for (var column = 0; column < row.Length; column++)
        {
            if (double.IsFinite(row[column])) known += column < Encoder.Table.Columns.Length ? 1 : 0;
            else if (!double.IsNaN(row[column]) || !Encoder.MayMiss(column)) return float.NaN;
        }

        return known == 0 ? float.NaN : float.IsNaN(score) ? float.NegativeInfinity : score;
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
