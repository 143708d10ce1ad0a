using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Cluster;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Tables;

namespace FlowGrain.Serving;

/// <summary>A model's weights ready to compute on every device slot of this silo.</summary>
/// <remarks>A retired one still answers those who hold it: it then builds the flow for each job and keeps nothing.</remarks>
internal sealed class ModelEngine
{
    private readonly DeviceSlots _slots;
    private readonly Draws _draws;
    private readonly IFlowEngine?[] _engines;
    private readonly ModelStatistics _statistics;
    private readonly ImmutableArray<(int Column, string Name, int Levels)> _levels; // of its categories
    private volatile bool _retired;
    private int _next;

    /// <summary>Takes a model whose weights were verified.</summary>
    internal ModelEngine(StoredModel model, DeviceSlots slots, ServingOptions serving, TimeProvider clock, ModelStatistics? statistics = null)
    {
        (Model, Clock, _slots, _engines) = (model, clock, slots, new IFlowEngine?[slots.Count]);
        Encoder = new RowEncoder(model.Flow.TableOrNumbers());
        _levels = [.. Encoder.Table.Columns.Concat(Encoder.Table.Context).Select((column, index) => (column, index)).Where(one => one.column is CategoryColumn).Select(one => (one.index, one.column.Name, ((CategoryColumn)one.column).Levels.Length))];
        Categories = model.Flow.Categories is { } categories ? new Categorical(categories, model.Flow.Table!) : null;
        _statistics = statistics ?? new ModelStatistics();
        Batches = new Batcher(this, serving, clock);
        _draws = new Draws(this, serving, clock);
    }

    /// <summary>The model.</summary>
    internal StoredModel Model { get; }

    /// <summary>Tells how long requests wait.</summary>
    internal TimeProvider Clock { get; }

    /// <summary>Turns rows of the model's table into rows of its flow; safe for many threads.</summary>
    internal RowEncoder Encoder { get; }

    /// <summary>Columns of a row of the table: the modelled ones, then the context.</summary>
    internal int Width => Encoder.Width;

    /// <summary>The density of the modelled categories; null without.</summary>
    internal Categorical? Categories { get; }

    /// <summary>Computes the requests of many clients together.</summary>
    internal Batcher Batches { get; }

    /// <summary>What it has computed for clients that ask for its log-densities.</summary>
    internal VersionStatistics Statistics => StatisticsOf("");

    /// <summary>What it has computed for those that ask for a function of it, by the suffix of that.</summary>
    internal VersionStatistics StatisticsOf(string function) => _statistics.Of(Model.Name + function, Model.Version);

    /// <summary>Device slots that can compute at once.</summary>
    internal int Parallelism => _slots.Count;

    /// <summary>Flows in memory now.</summary>
    internal int Built => _engines.Count(engine => engine is not null);

    /// <summary>Computes on a slot that is free, or where none is on the next in turn.</summary>
    internal Task<T> Run<T>(Func<IFlowEngine, T> job)
    {
        var index = (int)((uint)Interlocked.Increment(ref _next) % (uint)_slots.Count);
        for (var tried = 0; tried < _slots.Count && _slots[index].IsBusy; tried++) index = (index + 1) % _slots.Count;
        return _slots[index].Run(() => Compute(index, job));
    }

    /// <summary>Log-densities of rows <c>[B, W]</c> of the table, with their latents where they are asked for, on the next slot in turn.</summary>
    /// <exception cref="BadInputException">The width is wrong.</exception>
    internal Task<Densities> LogDensity(Block<double> rows, bool latent, CancellationToken cancellation)
    {
        _ = Rows(rows);
        cancellation.ThrowIfCancellationRequested();
        return Run(flow => LogDensity(flow, rows.Span, latent));
    }

    /// <summary>Draws rows of the table, on the next slot in turn.</summary>
    /// <exception cref="BadInputException">Too many are asked for, or the context is not the model's.</exception>
    /// <exception cref="OverloadedException">There is no room for them.</exception>
    /// <exception cref="ExpiredException">They waited longer than their patience.</exception>
    internal Task<Block<double>> Sample(SampleRequest request, TimeSpan? patience, CancellationToken cancellation)
    {
        Require(request, SampleRequest.MostRows);
        return _draws.Draw(request, patience, cancellation);
    }

    /// <summary>Two coordinates of draws as each layer has them, on the next slot in turn.</summary>
    /// <exception cref="BadInputException">Too many are asked for, the context is not the model's, or there is no such coordinate.</exception>
    /// <exception cref="OverloadedException">There is no room for them.</exception>
    internal Task<ImmutableArray<PushedLayer>> Layers(SampleRequest request, int x, int y, CancellationToken cancellation)
    {
        if (request.Rows is < 1 or > PushedLayer.MostRows || x < 0 || y < 0 || Math.Max(x, y) >= Encoder.FlowDimension)
            throw new BadInputException($"Layers are shown for 1 to {PushedLayer.MostRows} draws and two coordinates from 0 to {Encoder.FlowDimension - 1}; {request.Rows} draws and {x}, {y} came.");
        return _draws.Layers(request, x, y, cancellation);
    }

    /// <summary>Computes the rows that it was published with, or where it has none maps draws of its own to the base and back.</summary>
    /// <exception cref="BadInputException">It does not come to what they had then.</exception>
    internal async Task Test()
    {
        var recorded = Model.Record.RoundTripError;
        if (await Run(flow => Model.Golden is { } golden ? golden.Fault(flow) : GoldenRows.Of(flow).Doubt(recorded)) is { } fault)
            throw new BadInputException($"Model '{Model.Name}' version {Model.Version} fails its self-test: {fault}; it is damaged, " +
                "or this machine computes wrongly: import or train it again, and look at the machine's memory.");
    }

    /// <summary>Has every slot compute a row, so that no client waits for a flow to be built or code to be compiled.</summary>
    internal Task Warm()
    {
        var row = Model.Golden is { } golden ? golden.Rows[..Encoder.FlowWidth] : new double[Encoder.FlowWidth];
        return Task.WhenAll(Enumerable.Range(0, _slots.Count).Select(index => _slots[index].Run(() => Compute(index, flow => Computed(flow, row)))));
    }

    /// <summary>How many rows <c>[B, W]</c> of the table there are.</summary>
    /// <exception cref="BadInputException">The width is wrong.</exception>
    internal int Rows(Block<double> rows) => rows.Length % Width == 0
        ? rows.Length / Width
        : throw new BadInputException($"Model '{Model.Name}' takes rows of {Width} numbers; {rows.Length} came, which is no multiple of it.");

    /// <summary>Frees the flows, each on its slot's own thread, where nothing computes meanwhile. Repeating it does nothing.</summary>
    internal Task Retire()
    {
        _retired = true; // before the jobs below: whatever a slot runs after its own finds this set
        return Task.WhenAll(Enumerable.Range(0, _slots.Count).Select(index => _slots[index].Run(() => Free(index))));
    }

    /// <summary>Log-densities of rows <c>[B, W]</c> of the table, on the thread of the slot that the flow is of.</summary>
    internal Densities LogDensity(IFlowEngine flow, ReadOnlySpan<double> rows, bool latent)
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

    private void Require(SampleRequest request, int mostRows)
    {
        var context = Encoder.Table.Context;
        if (request.Rows < 0 || request.Rows > mostRows) throw new BadInputException($"{request.Rows} rows were asked for; a call draws 0 to {mostRows}.");
        if (request.Context.Length != context.Length)
            throw new BadInputException($"Model '{Model.Name}' needs {context.Length} context values ({string.Join(", ", context.Select(column => column.Name))}); {request.Context.Length} came.");
        RequireContext(request.Context.Span);
    }

    /// <summary>Returns where every category of rows <c>[B, W]</c> is a level that the model knows, or unknown.</summary>
    /// <exception cref="BadInputException">One is no level: the rows are coded otherwise than the model's.</exception>
    internal void RequireLevels(ReadOnlySpan<double> rows)
    {
        foreach (var (column, name, levels) in _levels)
        {
            for (var at = column; at < rows.Length; at += Width)
            {
                if (!double.IsNaN(rows[at]) && !(rows[at] >= 0 && rows[at] < levels && double.IsInteger(rows[at])))
                    throw new BadInputException(string.Create(CultureInfo.InvariantCulture, $"'{name}' of row {at / Width + 1} is {rows[at]}, the index of none of its {levels} levels; give 0 to {levels - 1}, or what is no number where it is not known."));
            }
        }
    }

    private void RequireContext(ReadOnlySpan<double> context)
    {
        foreach (var (column, index) in Encoder.Table.Context.Select((column, index) => (column, index)))
        {
            if (!double.IsFinite(context[index])) throw new BadInputException($"'{column.Name}' is {(double.IsNaN(context[index]) ? "no number" : context[index].ToString(CultureInfo.InvariantCulture))}, and draws are given a number for each context column; give one.");
            if (column is CategoryColumn { Levels: var levels } && !(context[index] >= 0 && context[index] < levels.Length && context[index] == Math.Floor(context[index])))
                throw new BadInputException($"'{column.Name}' is a category of {levels.Length} levels, and {context[index]} is the index of none; give 0 to {levels.Length - 1}.");
        }
    }

    private static float Computed(IFlowEngine flow, double[] row)
    {
        var score = new float[1];
        flow.LogDensity(row, score, []);
        return score[0];
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
        var engine = FlowEngines.Create(Model.Flow);
        Model.Weights.CopyTo(engine.Parameters);
        return engine;
    }
}
