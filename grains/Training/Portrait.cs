using System.Collections.Immutable;
using FlowGrain.Flows;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using FlowGrain.Serving;

namespace FlowGrain.Training;

/// <summary>What a model's page shows of its columns: some training rows beside as many samples.</summary>
internal static class Portrait
{
    private const int MostRows = 10_000; // 250 in a stretch of even height: 6% of noise, less than a level
    private const int MostNumbers = 4_000_000; // of thousands of columns fewer rows are compared, or they would not fit beside the data
    private const int Stretches = 40;

    /// <summary>The modelled columns, then the context. Draws samples: call it on a thread of its own.</summary>
    internal static ImmutableArray<ColumnPortrait> Of(PreparedRun prepared, float[] weights)
    {
        var (columns, width) = (prepared.Data.Dataset.Manifest.Columns, prepared.Data.Dataset.Width);
        var rows = Rows(prepared.Data);
        var samples = Samples(prepared.Flow, weights, rows);
        return [.. columns.Select((column, index) => new ColumnPortrait(
            column.Name, column.Min, column.Max, Counts(prepared, index, rows, width), Counts(prepared, index, samples, prepared.Flow.Columns.Length)))];
    }

    /// <summary>Training rows in the order of the first pass, which is random.</summary>
    private static double[] Rows(TrainingData data)
    {
        var count = (int)Math.Min(data.Order.Rows, Math.Clamp(MostNumbers / data.Dataset.Width, 1, MostRows));
        var rows = new double[count * data.Dataset.Width];
        data.Order.Gather(epoch: 0, position: 0, count, rows);
        return rows;
    }

    private static double[] Samples(FlowSpec flow, float[] weights, double[] rows)
    {
        using var engine = FlowEngines.Create(flow);
        weights.CopyTo(engine.Parameters);
        return Sampling.Beside(engine, new CounterRandom(0, "portrait"), rows);
    }

    /// <summary>How many values lie in each stretch of a modelled column's range; those outside lie in none.</summary>
    private static ImmutableArray<int> Counts(PreparedRun prepared, int column, double[] values, int width)
    {
        if (column >= prepared.Ranges.Length) return [];
        var counts = new int[Stretches];
        for (var i = column; i < values.Length; i += width)
            if (Stretch(values[i], prepared.Ranges[column]) is { } stretch) counts[stretch]++;
        return [.. counts];
    }

    private static int? Stretch(double value, ColumnRange range)
    {
        if (!(value >= range.Low && value <= range.High)) return null;
        return range.High > range.Low ? Math.Min(Stretches - 1, (int)((value - range.Low) / (range.High - range.Low) * Stretches)) : 0;
    }
}
