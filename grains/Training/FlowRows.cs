using FlowGrain.Data;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Tables;

namespace FlowGrain.Training;

/// <summary>The rows of a run as its flow takes them, <c>[B, D + C]</c>. Not safe for two threads at once.</summary>
/// <param name="data">The rows of the table.</param>
/// <param name="table">How they are encoded.</param>
/// <param name="seed">The run's: values that are spread get other draws in every pass.</param>
internal sealed class FlowRows(TrainingData data, TableSpec table, long seed)
{
    private readonly RowEncoder _encoder = new(table);
    private readonly CounterRandom _draws = new(seed, "spread");
    private readonly LevelTranslation _levels = new(data.Dataset.Manifest, table);
    private double[] _table = [];
    private float[] _weights = [];

    /// <summary>Numbers in a row, D + C.</summary>
    internal int Width => _encoder.FlowWidth;

    /// <summary>Copies training rows in the order of a pass; returns the sum of their hashes.</summary>
    internal ulong Gather(long pass, long first, int count, Span<double> rows)
    {
        var room = Room(count);
        var hash = data.Order.Gather(pass, first, count, room);
        _levels.Apply(room);
        _encoder.Encode(room, rows, _draws.At(pass), first);
        return hash;
    }

    /// <summary>Copies rows of one side, spread as they are when they are scored.</summary>
    internal void Gather(RowSide side, long first, int count, Span<double> rows)
    {
        var room = Room(count);
        data.Split.Gather(side, first, count, room);
        _levels.Apply(room);
        _encoder.Encode(room, rows);
    }

    /// <summary>Copies training rows in the order of the first pass, spread as they are when they are scored.</summary>
    internal void GatherShuffled(long first, int count, Span<double> rows)
    {
        var room = Room(count);
        data.Order.Gather(epoch: 0, first, count, room);
        _levels.Apply(room);
        _encoder.Encode(room, rows);
    }

    /// <summary>The weights of training rows in the order of a pass, until the next are asked for; empty where each counts once.</summary>
    internal ReadOnlySpan<float> Weights(long pass, long first, int count)
    {
        var weights = WeightRoom(count);
        if (!weights.IsEmpty) data.Order.GatherWeights(pass, first, weights);
        return weights;
    }

    /// <summary>The weights of rows of one side, until the next are asked for; empty where each counts once.</summary>
    internal ReadOnlySpan<float> Weights(RowSide side, long first, int count)
    {
        var weights = WeightRoom(count);
        if (!weights.IsEmpty) data.Split.GatherWeights(side, first, weights);
        return weights;
    }

    /// <summary>The sum of such weights; null where each row counts once.</summary>
    internal double? Sum(ReadOnlySpan<float> weights) => data.Dataset.IsWeighted ? RowWeights.Sum(weights, rows: 0) : null;

    private Span<float> WeightRoom(int count)
    {
        if (!data.Dataset.IsWeighted) return [];
        if (_weights.Length < count) _weights = new float[count];
        return _weights.AsSpan(0, count);
    }

    private Span<double> Room(int count)
    {
        if (_table.Length < count * _encoder.Width) _table = new double[count * _encoder.Width];
        return _table.AsSpan(0, count * _encoder.Width);
    }
}
