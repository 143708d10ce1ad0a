using FlowGrain.Data;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Serving;

/// <summary>Makes a reference from the rows of a file, for a model that has none or for data that have changed.</summary>
internal static class FileReference
{
    private const int ChunkRows = 4096;

    /// <summary>Of all rows, or a uniform sample of as many as a reference has. Blocks: call it on a thread of its own.</summary>
    /// <exception cref="BadInputException">The file cannot be used, or has no row that can be scored.</exception>
    internal static Reference Read(string data, MissingRows missing, ModelEngine engine, CancellationToken cancellation)
    {
        using var reader = TableReader.Open(data);
        ModelColumns.Select(reader, engine.Encoder.Table);
        var (logDensity, norm) = Scores(Rows(reader, missing, engine, cancellation), engine, cancellation);
        return logDensity.Exists(float.IsFinite) ? new Reference([.. logDensity], [.. norm]) : throw new BadInputException(
            $"'{reader.FileName}' has no row with a finite log-density to compare with; name a file of usual rows as the reference.");
    }

    private static double[] Rows(TableReader reader, MissingRows missing, ModelEngine engine, CancellationToken cancellation)
    {
        var filter = new RowFilter(reader, missing, engine.Encoder.MayMiss, engine.Encoder.Table.Columns.Length);
        var sample = new RowSample(Reference.MostRows, engine.Width, new CounterRandom(0, "reference-rows"));
        var values = new double[ChunkRows * engine.Width];
        for (int count; (count = reader.Read(values, cancellation)) > 0;)
            sample.Add(values.AsSpan(0, filter.Keep(values.AsSpan(0, count * engine.Width), reader.RowsRead - count + 1) * engine.Width));
        return sample.Rows;
    }

    private static (List<float> LogDensity, List<float> Norm) Scores(double[] rows, ModelEngine engine, CancellationToken cancellation)
    {
        var (logDensity, norm) = (new List<float>(), new List<float>());
        foreach (var chunk in rows.Chunk(ChunkRows * engine.Width))
        {
            var scores = engine.LogDensity(new Block<double>(chunk), latent: true, cancellation).GetAwaiter().GetResult(); // this is a thread of its own: it may wait
            logDensity.AddRange(scores.LogDensity.Span);
            norm.AddRange(LatentNorm.Of(scores.LogDensity.Span, scores.Latent!.Span, engine.Model.Flow.Shape().Circles));
        }

        return (logDensity, norm);
    }
}
