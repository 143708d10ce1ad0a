using System.Diagnostics;
using FlowGrain.Data;
using FlowGrain.Flows;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Training;

/// <summary>Computes leases on one device slot. Every method runs on the slot's thread.</summary>
internal sealed class ShardComputer(FlowSpec spec, IFlowEngine engine, TrainingData data, NoiseScale? noise, InnerSteps? inner) : IDisposable
{
    private readonly TrainingNoise? _noise = noise is null ? null : new TrainingNoise(spec, noise);
    private readonly InnerLoop? _inner = inner is null ? null : new InnerLoop(engine, inner);
    private readonly CounterRandom _training = new(spec.Seed, "training"), _validation = new(spec.Seed, "validation");
    private readonly FlowRows _data = new(data, spec.TableOrNumbers(), spec.Seed);
    private (long Round, WeightKind Kind) _loaded = (-1, WeightKind.Current);
    private double[] _rows = [];
    private float[]? _unused; // gradient of a validation

    /// <summary>Numbers in the sums of a shard.</summary>
    internal int SumsLength => _inner?.SumsLength ?? engine.Parameters.Length;

    /// <summary>The sums of a shard into <paramref name="sums"/>, of its gradient or of what inner steps changed; returns what its rows come to.</summary>
    internal ShardTotals Gradient(ShardLease lease, ReadOnlySpan<float> weights, Span<float> sums)
    {
        var began = Stopwatch.GetTimestamp();
        var rows = Room(lease);
        var hash = _data.Gather(lease.Pass, lease.First, lease.Rows, rows);
        _noise?.Add(lease.Pass, lease.First, rows);
        var counts = _data.Weights(lease.Pass, lease.First, lease.Rows);
        Telemetry.DataSeconds.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
        return new ShardTotals(Loss(lease, rows, counts, weights, sums), lease.Rows, hash) { Weights = _data.Sum(counts) };
    }

    /// <summary>Log-density sums of a part of an evaluation.</summary>
    internal EvaluationSums Evaluate(ShardLease lease, WeightKind kind, ReadOnlySpan<float> weights)
    {
        Load(lease.Round, kind, weights);
        var rows = EvaluationRows(lease, out var counts);
        if (lease.Work == ShardWork.ValidateAverage && spec.Objective is not null) return new EvaluationSums(ObjectiveLoss(lease, rows, counts), lease.Rows, RoundTripError: 0) { Weights = _data.Sum(counts) };
        var roundTrip = lease.Work == ShardWork.ValidateBest;
        var logDensity = new float[lease.Rows];
        var latent = roundTrip ? new float[lease.Rows * spec.Columns.Length] : [];
        engine.LogDensity(rows, logDensity, latent);
        var sum = 0.0;
        for (var row = 0; row < logDensity.Length; row++) sum -= (counts.IsEmpty ? 1 : counts[row]) * (double)logDensity[row];
        return new EvaluationSums(sum, lease.Rows, roundTrip ? RoundTrip.WorstError(engine, rows, latent) : 0) { Weights = _data.Sum(counts) };
    }

    /// <inheritdoc />
    public void Dispose() => engine.Dispose();

    /// <summary>What training stops on where it does not minimise the likelihood: its own loss, over random numbers that are the same every time.</summary>
    private double ObjectiveLoss(ShardLease lease, ReadOnlySpan<double> rows, ReadOnlySpan<float> counts) =>
        engine.Gradient(rows, _unused ??= new float[engine.Parameters.Length], new TrainingDraw(_validation, lease.First), counts);

    /// <param name="lease">What is computed.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="counts">How often each counts; empty where each counts once.</param>
    /// <param name="weights">The weights of the flow.</param>
    /// <param name="sums">Receives the sums.</param>
    private double Loss(ShardLease lease, ReadOnlySpan<double> rows, ReadOnlySpan<float> counts, ReadOnlySpan<float> weights, Span<float> sums)
    {
        var draw = new TrainingDraw(_training.At(lease.Pass), lease.First);
        if (_inner is null)
        {
            Load(lease.Round, WeightKind.Current, weights);
            return engine.Gradient(rows, sums, draw, counts);
        }

        _loaded = default; // the steps change the engine's weights
        return _inner.Run(lease.Round, rows, counts, weights, sums, draw);
    }

    private Span<double> Room(ShardLease lease)
    {
        if (_rows.Length < lease.Rows * _data.Width) _rows = new double[lease.Rows * _data.Width];
        return _rows.AsSpan(0, lease.Rows * _data.Width);
    }

    private Span<double> EvaluationRows(ShardLease lease, out ReadOnlySpan<float> counts)
    {
        var rows = Room(lease);
        var side = lease.Work == ShardWork.TestBest ? RowSide.Test : RowSide.Validation;
        if (lease.Work == ShardWork.TrainBest) _data.GatherShuffled(lease.First, lease.Rows, rows);
        else _data.Gather(side, lease.First, lease.Rows, rows);
        counts = lease.Work == ShardWork.TrainBest ? _data.Weights(pass: 0, lease.First, lease.Rows) : _data.Weights(side, lease.First, lease.Rows);
        return rows;
    }

    private void Load(long round, WeightKind kind, ReadOnlySpan<float> weights)
    {
        if (_loaded == (round, kind)) return;
        weights[..engine.Parameters.Length].CopyTo(engine.Parameters);
        _loaded = (round, kind);
    }
}
