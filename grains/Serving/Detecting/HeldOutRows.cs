using System.Runtime.InteropServices;
using FlowGrain.Data;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Tables;
using FlowGrain.Training;

namespace FlowGrain.Serving;

/// <summary>Makes the reference of a model from rows of its run that the weights were not fitted to.</summary>
internal static class HeldOutRows
{
    private const int ChunkNumbers = 1 << 20; // of rows that are gathered at a time

    /// <summary>Of validation rows, or of test rows where none validate; null where all rows train. Computes: call it on a thread of its own.</summary>
    internal static Reference? Reference(PreparedRun prepared, float[] weights)
    {
        var (split, table) = (prepared.Data.Split, prepared.Flow.TableOrNumbers());
        var side = split.ValidationRows > 0 ? RowSide.Validation : RowSide.Test;
        if (split.Count(side) == 0) return null;
        using var engine = FlowEngines.Create(prepared.Flow);
        weights.CopyTo(engine.Parameters);
        var (logDensity, norm) = (new List<float>(), new List<float>());
        foreach (var ranks in Ranks(split.Count(side), prepared.Flow.Seed).Chunk(Math.Max(1, ChunkNumbers / table.Width)))
        {
            var (scores, norms) = Scores(engine, new RowEncoder(table), Rows(split, side, ranks, table));
            logDensity.AddRange(scores);
            norm.AddRange(norms);
        }

        return logDensity.Exists(float.IsFinite) ? new Reference(CollectionsMarshal.AsSpan(logDensity), CollectionsMarshal.AsSpan(norm)) : null;
    }

    /// <summary>Which rows: all, or as many as a reference has, each equally likely, in the order of the data.</summary>
    private static IEnumerable<long> Ranks(long rows, long seed)
    {
        var order = new KeyedPermutation(rows, new CounterRandom(seed, "reference").Bits(0));
        return rows <= Serving.Reference.MostRows ? Range(rows) : Range(Serving.Reference.MostRows).Select(i => order[i]).Order();
    }

    private static IEnumerable<long> Range(long count)
    {
        for (var i = 0L; i < count; i++) yield return i;
    }

    private static double[] Rows(Split split, RowSide side, long[] ranks, TableSpec table)
    {
        var (width, rows) = (table.Width, new double[ranks.Length * table.Width]);
        for (var i = 0; i < ranks.Length; i++) split.Gather(side, ranks[i], count: 1, rows.AsSpan(i * width, width));
        new LevelTranslation(split.Data.Manifest, table).Apply(rows);
        return rows;
    }

    private static (float[] LogDensity, float[] Norm) Scores(IFlowEngine engine, RowEncoder encoder, double[] table)
    {
        var count = table.Length / encoder.Width;
        var (rows, scores, latent) = (new double[count * encoder.FlowWidth], new float[count], new float[count * encoder.FlowDimension]);
        encoder.Encode(table, rows);
        engine.LogDensity(rows, scores, latent);
        for (var row = 0; row < count; row++)
            if (float.IsNaN(scores[row])) scores[row] = float.NegativeInfinity; // the row has all that it must have, and lies where float32 has no word for it
        encoder.ClearMissing(table, latent);
        return (scores, LatentNorm.Of(scores, latent, engine.Spec.Shape().Circles));
    }
}
