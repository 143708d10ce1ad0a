using System.Collections.Immutable;
using FlowGrain.Data;
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

    /// <summary>The modelled numbers, then the modelled categories and the context. Draws samples: call it on a thread of its own.</summary>
    internal static ImmutableArray<ColumnPortrait> Of(PreparedRun prepared, float[] weights)
    {
        var (table, width) = (prepared.Flow.TableOrNumbers(), prepared.Flow.Columns.Length + prepared.Flow.Context.Length);
        var rows = Rows(prepared);
        var samples = Samples(prepared.Flow, weights, rows);
        ColumnPortrait[] portraits = [.. table.Names.Zip(prepared.Data.Dataset.Manifest.Columns, Portrayed)];
        return [.. portraits.Where(Is(numbers: true)), .. portraits.Where(Is(numbers: false))];

        ColumnPortrait Portrayed(string name, ManifestColumn column) => prepared.Flow.Columns.IndexOf(name) is >= 0 and var index
            ? new ColumnPortrait(name, column.Min, column.Max, Counts(prepared, index, rows, width), Counts(prepared, index, samples, prepared.Flow.Columns.Length))
            : new ColumnPortrait(name, column.Min, column.Max, [], []);

        Func<ColumnPortrait, bool> Is(bool numbers) => portrait => prepared.Flow.Columns.Contains(portrait.Name) == numbers;
    }

    /// <summary>Training rows in the order of the first pass, which is random.</summary>
    private static double[] Rows(PreparedRun prepared)
    {
        var data = prepared.FlowRows();
        var count = (int)Math.Min(prepared.Data.Order.Rows, Math.Clamp(MostNumbers / data.Width, 1, MostRows));
        var rows = new double[count * data.Width];
        data.GatherShuffled(first: 0, count, rows);
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
